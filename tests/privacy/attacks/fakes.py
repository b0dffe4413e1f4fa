"""B: fakes that make a rare plugin's cross table large enough to be shown, and exact enough to be read.

The attacker knows one rare plugin R of the target, which nobody else has, and the plugins there are.  Ten fakes have R,
five of them with every other plugin X and five without any; five more have every X and not R.  So R and X together are
five, or six if the target has X; what is left of R and of X is at least five, and the cell is shown.  The fifteen
pass under the cap of one network.  Fakes with R on each series tell the target's series in the same way.
"""

from collections.abc import Iterator
from functools import lru_cache

from tests.privacy.model import before, fakes
from tests.privacy.model.scene import Scene
from tests.privacy.model.scoring import Result, Score
from tests.privacy.model.world import CATALOGUE, PLUGINS, Attribute, Week, World

WEEKS = 6  # of the log
FAKE_WEEKS = 3  # two, to be established, and one more
FEW = 5


def whole_lists(scene: Scene) -> Result:
    """Read the plugins of those who have one alone; success is to read all and nothing else."""
    score, guesses = _read(scene)
    return score.whole_lists("B", scene.installations, guesses)


def attributes(scene: Scene) -> Result:
    """Count the plugins that were read; success is net of what was claimed wrongly."""
    score, guesses = _read(scene)
    return score.net_of("B net", scene.installations, guesses)


@lru_cache(1)
def _read(scene: Scene) -> tuple[Score, Score]:
    score, guesses = Score(), Score()
    for world, known, target in targets(scene):
        others = sorted(PLUGINS - {known})
        reports = [fakes.report([known, *others])] * FEW + [fakes.report([known])] * FEW + [fakes.report(others)] * FEW
        faked = world.joined_by(fakes.uploads(world, reports, scene.random, FAKE_WEEKS)).last
        pairs = before.plugin_pairs(faked)
        own = plugins_of(world.last, target) - {("plugins", "", known)}
        score.add({("plugins", "", other) for other in others if pairs.get((known, other)) == FEW + 1}, own)
        guesses.add(common_plugins(world.last), own)
    return score, guesses


def series_of_target(scene: Scene) -> Result:
    """Read the series of the same targets: five fakes with R and five without on each, at once or week after week."""
    right = guessed = tries = 0
    names = [one.name for one in CATALOGUE.calendar.series]
    for world, known, target in targets(scene):
        reports = [
            fakes.report(plugins, f"{name}.0") for name in names for plugins in ([known], []) for _ in range(FEW)
        ]
        faked = world.joined_by(fakes.uploads(world, reports, scene.random, FAKE_WEEKS)).last
        cells = before.plugin_series(faked, names)
        on = world.last.holders("core_series")
        own = {name for name, who in on.items() if target in who}
        right += own == {name for name in names if cells.get((known, name)) == FEW + 1}
        guessed += own == {max(on, key=lambda name: len(on[name]))}
        tries += 1
    return Result("B series", scene.installations, right / max(1, tries), guessed / max(1, tries), 1.0, tries)


def targets(scene: Scene) -> Iterator[tuple[World, str, str]]:
    """Yield (community, plugin, uuid) of installations that have a known plugin alone, at most `targets` of them."""
    world = scene.world.since(WEEKS)
    holders = world.last.holders("plugins")
    alone = [(name, *who) for name, who in sorted(holders.items()) if len(who) == 1 and name in PLUGINS]
    for known, target in scene.random.sample(alone, min(scene.targets, len(alone))):
        yield world, known, target


def plugins_of(week: Week, uuid: str) -> set[Attribute]:
    return {attribute for attribute in week.standing[uuid].own if attribute[0] == "plugins"}


def common_plugins(week: Week) -> set[Attribute]:
    """Return what the shares alone give: the plugins that more than half have."""
    return {one for one, size in week.counts().items() if one[0] == "plugins" and size > len(week.standing) / 2}
