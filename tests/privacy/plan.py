"""Which attacks are tried, on which communities, and how long that may take.

The communities are the same each time, so that the defences can be compared off and on, and the table of
docs/privacy-attacks.md can be written again.  `POPCON_SEED` gives others.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

from tests.campaign import length, tell
from tests.privacy.attacks import (
    averaging,
    columns,
    erasure,
    everything,
    fakes,
    moves,
    names,
    oracle,
    reading,
    revising,
    subset,
)
from tests.privacy.model.scene import Scene
from tests.privacy.model.scoring import Result
from tests.privacy.utility import Utility, utility

Attempt = Callable[[Scene], Result]

SIZES = length((150,), (150, 300, 1000, 3000))
SEED = int(os.environ.get("POPCON_SEED") or 1)
_WEEKS = length(16, 40)
_TARGETS = length(6, 22)
# In how many communities fakes are tried; how many the attacker of D meets, and how many they have simulated before.
_FAKED = {150: length(1, 8), 300: 8, 1000: 6, 3000: 5}
_MET = {150: length(3, 8), 300: 5, 1000: 1, 3000: 1}
_SIMULATED = {150: length(20, 50), 300: 20, 1000: 4, 3000: 1}
_FIRST_SIMULATED = 1000  # seed
_USEFUL, _USEFUL_WEEKS = {150: length(1, 8), 300: 4, 1000: 1, 3000: 1}, 40  # communities, and weeks
_MOVES = 500


@dataclass(frozen=True)
class Attack:
    """One attack, what of it is counted as success, and how it is adapted to the defences, if it is."""

    name: str
    success: str
    off: Attempt
    adapted: Attempt | None = None
    in_short_form: int = 150  # size of the community: some small groups are in a larger one only


_WHOLE, _NET = "targets whose whole plugin list is read", "their plugins, rightly claimed less wrongly"
ATTACKS = (
    Attack("A", "attributes of the erased that are rightly claimed", erasure.erasure),
    Attack("A file", "changes that make `public.db` another file", erasure.changes),
    Attack("B", _WHOLE, fakes.whole_lists, reading.whole_lists),
    Attack("B net", _NET, fakes.attributes, reading.attributes),
    Attack("B all", "all that they report, rightly claimed less wrongly", everything.of_all),
    Attack("B series", "targets whose series is read", fakes.series_of_target, reading.series),
    Attack("B version", "targets whose version of the known plugin is read", reading.versions),
    Attack("C", "groups of 1 to 4 that are exact", subset.subset, in_short_form=300),
    Attack("E", "weeks with a group of 1 to 4 that is exact", columns.other_series, in_short_form=300),
    Attack("E mean", "communities in which the mean of all weeks is exact", columns.mean_of_other_series),
    Attack("F", "weeks in which a hidden 1 to 4 is exact", columns.first_time, columns.gone),
    Attack("G", "cells that vanish from 5 and are 4", columns.vanishing),
    Attack("G'", "rows whose columns differ by 1 to 4", columns.more_than_one, columns.gone_parts),
    Attack("I", "the company's names that are public", names.names),
    Attack("M", _WHOLE, oracle.oracle, reading.equal_lists),
    Attack("M net", _NET, oracle.attributes, reading.equal_attributes),
    Attack("O", "rests of 1 to 4 that are exact", averaging.rest),
    Attack("R", "plugins of the erased, rightly claimed less wrongly", revising.erased_in_range),
    Attack("R fakes", "plugins of the erased, rightly claimed less wrongly", revising.erased_with_fakes),
    Attack("V", "unchanged groups whose size 13 weeks tell", averaging.average),
)
MOVES = {
    "D": "targets of whom a claim of 90 % is right, on what at most half have",
    "D'": "the same, where nobody else moved",
}


@dataclass(frozen=True)
class Task:
    """An attack, or those on who moves, on one community; attacks of one task share what takes long."""

    attacks: tuple[str, ...]
    installations: int
    is_on: bool
    folder: Path

    def run(self) -> list[Result]:
        """Try it; each result is told as it comes."""
        if not self.attacks:
            return [told(result, is_on=self.is_on) for result in _moving(self)]
        return [told(self._tried(attack), is_on=self.is_on) for attack in ATTACKS if attack.name in self.attacks]

    def _tried(self, attack: Attack) -> Result:
        one = _scene(self, length(attack.in_short_form, self.installations))
        return (attack.adapted or attack.off if self.is_on else attack.off)(one)


def tasks(folder: Path, modes: tuple[bool, ...]) -> Iterator[Task]:
    """Yield everything to be tried, what takes longest first."""
    faked = tuple(attack.name for attack in ATTACKS if attack.name[0] in "BM")
    rest = tuple(attack.name for attack in ATTACKS if attack.name[0] not in "BM")
    for size in sorted(SIZES, reverse=True):
        for attacks in (faked, rest, ()):
            yield from (Task(attacks, size, is_on, folder) for is_on in modes)


def results(folder: Path, modes: tuple[bool, ...], processes: int = 1) -> Iterator[tuple[bool, Result]]:
    """Yield whether the defences were on, and what an attack won."""
    every = list(tasks(folder, modes))
    if processes == 1:
        yield from ((task.is_on, result) for task in every for result in task.run())
        return
    with ProcessPoolExecutor(processes, get_context("spawn"), max_tasks_per_child=1) as pool:
        for task, found in zip(every, pool.map(Task.run, every), strict=True):
            yield from ((task.is_on, result) for result in found)


def _scene(task: Task, installations: int) -> Scene:
    return Scene(
        installations, _WEEKS, SEED, _TARGETS, task.folder, task.is_on, _FAKED[task.installations] if task.is_on else 1
    )


def _moving(task: Task) -> list[Result]:
    """Try D and D' on a few communities of that size."""
    one = replace(_scene(task, task.installations), targets=_MOVES)
    met = [one.other(SEED + number) for number in range(_MET[one.installations])]
    simulated = [one.other(_FIRST_SIMULATED + SEED + number) for number in range(_SIMULATED[one.installations])]
    return moves.join_and_leave(met, simulated)


def told(result: Result, *, is_on: bool) -> Result:
    """Print what an attack won, and return it."""
    figures = {name: f"{figure:.2f}" if isinstance(figure, float) else figure for name, figure in vars(result).items()}
    tell(defences="on" if is_on else "off", seed=SEED, **figures)
    return result


def measured(installations: int, folder: Path) -> Utility:
    """Return what the noise costs readers in the communities of a size."""
    every = [
        utility(Scene(installations, _USEFUL_WEEKS, SEED + number, 0, folder, is_on=True))
        for number in range(_USEFUL[installations])
    ]
    count = len(every)
    return Utility(installations, sum(one.error for one in every) / count, sum(one.order for one in every) / count)
