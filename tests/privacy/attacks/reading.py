"""What is claimed from the draws that fakes saw (adapted.py), and how much of it is more than anybody would guess.

Success is net: right claims less wrong ones, as a part of what there is to learn.  The baseline claims in the same way,
without the draws.  Who claims a whole list claims the likeliest one; without the draws, that is the commonest list.
"""

from collections.abc import Callable, Mapping
from math import log

from tests.privacy.attacks.adapted import (
    CROSS_WEEKS,
    FAKES,
    PER_SERIES,
    VERSIONS,
    Target,
    Watched,
    believed,
    evidence,
    like,
    likely,
    watch,
)
from tests.privacy.model.scene import Scene
from tests.privacy.model.scoring import Result, Score
from transforms.weeks.noise import chances

Evidence = Callable[[Watched, Target], Mapping[str, float]]


def attributes(scene: Scene) -> Result:
    """B: read each plugin of the targets from the pairs."""
    return _net("B net", scene, of_pairs)


def whole_lists(scene: Scene) -> Result:
    """B: read the whole plugin list of the targets."""
    return _whole("B", scene, of_pairs)


def equal_attributes(scene: Scene) -> Result:
    """M: read each plugin from whether R, and R and X together, show the same figure."""
    return _net("M net", scene, _of_equal_figures)


def equal_lists(scene: Scene) -> Result:
    """M: read whole lists from that."""
    return _whole("M", scene, _of_equal_figures)


def series(scene: Scene) -> Result:
    """Read the series of the targets; success is a right one.

    Of the last cross week alone: since the one before, most have another series.
    """
    prior = {name: log(number) for name, number in like()[1].items()}
    return _choice(("B series", "plugin_series", 1), scene, prior, PER_SERIES, lambda one: one.series)


def versions(scene: Scene) -> Result:
    """Read which version of their rare plugin the targets have; nothing else tells."""
    prior = dict.fromkeys(VERSIONS, 0.0)
    return _choice(
        ("B version", "weekly_plugin_versions", CROSS_WEEKS),
        scene,
        prior,
        FAKES // len(VERSIONS),
        lambda one: one.version,
    )


def of_pairs(watched: Watched, target: Target) -> Mapping[str, float]:
    return {
        name: evidence(watched.tables.figures("plugin_pairs", target.known, name), FAKES, is_exact=watched.is_exact)
        for name in watched.others
    }


def _of_equal_figures(watched: Watched, target: Target) -> Mapping[str, float]:
    noise = {0: 1.0} if watched.is_exact else chances()
    equal = sum(chance * chance for chance in noise.values())
    of_other = sum(chance * noise.get(one + 1, 0) for one, chance in noise.items()) or 1e-9  # the group has one less
    found = {}
    for name in watched.others:
        figures = watched.tables.figures("plugin_pairs", target.known, name)
        same = sum(
            figure == watched.tables.plugins.get((week, target.known))
            for week, figure in zip(watched.tables.weeks, figures, strict=True)
        )
        differ = len(figures) - same
        found[name] = same * log(equal / of_other) + differ * log((1 - equal or 1e-9) / (1 - of_other))
    return found


def _net(attack: str, scene: Scene, weigh: Evidence) -> Result:
    score, guesses = Score(), Score()
    guess = likely(believed({}))
    for watched in watch(scene):
        for target in watched.targets:
            score.add(_named(likely(believed(weigh(watched, target)))), _named(target.plugins))
            guesses.add(_named(guess), _named(target.plugins))
    return score.net_of(attack, scene.installations, guesses)


def _whole(attack: str, scene: Scene, weigh: Evidence) -> Result:
    score, guesses = Score(), Score()
    guess = believed({}).most_common(1)[0][0]
    for watched in watch(scene):
        for target in watched.targets:
            claimed = believed(weigh(watched, target)).most_common(1)[0][0]
            score.add(_named(claimed), _named(target.plugins))
            guesses.add(_named(guess), _named(target.plugins))
    return score.whole_lists(attack, scene.installations, guesses)


def _named(plugins: set[str] | frozenset[str]) -> set[tuple[str, str, str]]:
    return {("plugins", "", name) for name in plugins}


def _choice(
    of: tuple[str, str, int], scene: Scene, prior: Mapping[str, float], made_up: int, true: Callable[[Target], str]
) -> Result:
    attack, table, weeks = of
    right = guessed = tries = 0
    guess = max(prior, key=lambda name: prior[name])
    for watched in watch(scene):
        for target in watched.targets:
            right += likeliest(watched, target, prior, table, weeks, made_up) == true(target)
            guessed += guess == true(target)
            tries += 1
    return Result(attack, scene.installations, right / max(1, tries), guessed / max(1, tries), 1.0, tries)


def likeliest(  # noqa: PLR0917 - where to look, and how many are made up there
    watched: Watched, target: Target, prior: Mapping[str, float], table: str, weeks: int, made_up: int
) -> str:
    """Return which of the names in `prior` the target has, by the draws of one table."""
    beliefs = {
        name: before
        + evidence(watched.tables.figures(table, target.known, name)[-weeks:], made_up, is_exact=watched.is_exact)
        for name, before in prior.items()
    }
    return max(beliefs, key=lambda name: beliefs[name])
