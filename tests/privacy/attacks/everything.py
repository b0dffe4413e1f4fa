"""B: what fakes with a target's rare plugin tell of it altogether, next to all that it reports."""

from collections.abc import Collection
from math import log

from tests.privacy.attacks.adapted import (
    CROSS_WEEKS,
    FAKES,
    PER_SERIES,
    VERSIONS,
    Target,
    Watched,
    believed,
    like,
    likely,
    watch,
)
from tests.privacy.attacks.reading import likeliest, of_pairs
from tests.privacy.model.scene import Scene
from tests.privacy.model.scoring import Result


def of_all(scene: Scene) -> Result:
    """B: read plugins, series and the known plugin's version, as a part of all that the targets report."""
    net = guessed = claims = total = targets = 0
    guess, like_series = likely(believed({})), like()[1]
    for watched in watch(scene):
        for target in watched.targets:
            claimed = likely(believed(of_pairs(watched, target)))
            net += _worth(claimed, target.plugins) + _worth({_series_of(watched, target)}, {target.series})
            net += _worth({_version_of(watched, target)}, {target.version})
            guessed += _worth(guess, target.plugins) + _worth(
                {max(like_series, key=like_series.__getitem__)}, {target.series}
            )
            guessed += _worth({VERSIONS[0]}, {target.version})
            claims += len(claimed) + 2
            total += target.attributes
            targets += 1
    return Result("B all", scene.installations, net / max(1, total), guessed / max(1, total), 1.0, targets, claims)


def _worth(claimed: Collection[str], true: Collection[str]) -> int:
    """Return the right claims less the wrong ones."""
    right = len(set(claimed) & set(true))
    return 2 * right - len(set(claimed))


def _series_of(watched: Watched, target: Target) -> str:
    prior = {name: log(number) for name, number in like()[1].items()}
    return likeliest(watched, target, prior, "plugin_series", 1, PER_SERIES)


def _version_of(watched: Watched, target: Target) -> str:
    prior = dict.fromkeys(VERSIONS, 0.0)
    return likeliest(watched, target, prior, "weekly_plugin_versions", CROSS_WEEKS, FAKES // len(VERSIONS))
