"""M: noise that depends on the members alone tells whether two groups are the same people.

The attacker knows one rare plugin R of the target, which nobody else has.  Fakes have R and every other plugin X.  So R
and X together are the very people who have R if the target has X, and all of them but the target if it has not.  In a
naive defence equal groups show equal figures; the attacker adds a fake each week to see a new draw, and claims X while
the two figures are equal in every week.
"""

import hashlib
from collections.abc import Collection
from functools import lru_cache

from tests.privacy.attacks.fakes import common_plugins, plugins_of, targets
from tests.privacy.model.scene import Scene
from tests.privacy.model.scoring import Result, Score
from tests.privacy.model.world import PLUGINS

FEWEST, WATCHED = 25, 26  # fakes in the first week; weeks, with a fake more in each
_BOUND = 5


def naive(members: Collection[str], secret: bytes) -> int:
    """Return a figure whose noise depends on the members alone: the defence that does not work."""
    digest = hashlib.sha256(secret + "".join(sorted(members)).encode()).digest()
    return len(members) + int.from_bytes(digest[:8]) % (2 * _BOUND + 1) - _BOUND


def oracle(scene: Scene) -> Result:
    """Read whole plugin lists through naive noise of the suite's own."""
    score, guesses = _read(scene)
    return score.whole_lists("M", scene.installations, guesses)


def attributes(scene: Scene) -> Result:
    """Count the plugins that were read; success is net of what was claimed wrongly."""
    score, guesses = _read(scene)
    return score.net_of("M net", scene.installations, guesses)


@lru_cache(1)
def _read(scene: Scene) -> tuple[Score, Score]:
    score, guesses, random = Score(), Score(), scene.random
    secret = random.randbytes(16)
    for world, known, target in targets(scene):
        own = plugins_of(world.last, target)
        claimed = {("plugins", "", name) for name in PLUGINS - {known}}
        fakes = [f"fake {number}" for number in range(FEWEST + WATCHED)]
        for week in range(WATCHED):
            without = fakes[: FEWEST + week]
            figure = naive([*without, target], secret)
            claimed = {one for one in claimed if naive([*without, target] if one in own else without, secret) == figure}
        score.add(claimed, own - {("plugins", "", known)})
        guesses.add(common_plugins(world.last), own - {("plugins", "", known)})
    return score, guesses
