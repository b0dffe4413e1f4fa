"""C: where everybody with plugin A has B too, (B and C) less (A and C) is those with B and C and without A.

The attacker knows which plugin needs which (it is in the packages), and subtracts the figures of `plugin_pairs`.  A
difference of 1 to 4 is a group that is smaller than any that may be shown.

Against noise the attacker has the last two cross weeks, and takes the mean.  The baseline is the one size that would be
right most often of those claimed.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

from tests.privacy.model import before
from tests.privacy.model.published import cross_tables
from tests.privacy.model.scene import Scene
from tests.privacy.model.scoring import Result
from tests.privacy.model.world import Week

Pairs = Mapping[tuple[str, str], float]
CROSS_WEEKS = 2


def subset(scene: Scene) -> Result:
    """Count the small groups of every fourth week, or of the last that has pairs; success is an exact one."""
    claims = [(size, _true(week, *of)) for week, pairs in _published(scene) for *of, size in _claims(week, pairs)]
    right = sum(claimed == true for claimed, true in claims) / max(1, len(claims))
    baseline = 1 / (before.K - 1)
    if scene.is_on:
        baseline = max([baseline, *(many / len(claims) for many in Counter(true for _, true in claims).values())])
    return Result("C", scene.installations, right, baseline, right, len(claims))


def _published(scene: Scene) -> Iterator[tuple[Week, Pairs]]:
    if not scene.is_on:
        yield from ((week, before.plugin_pairs(week)) for week in scene.world.weeks[-1:0:-4])
        return
    tables = cross_tables(scene.house(scene.world.uploads).settings.public, CROSS_WEEKS)
    last = tables.weeks[-1]
    means = {}
    for week, one, other in tables.cells["plugin_pairs"]:
        figures = [figure for figure in tables.figures("plugin_pairs", one, other) if figure is not None]
        if week == last:
            means[one, other] = sum(figures) / len(figures)
    yield next(week for week in scene.world.weeks if week.week_start == last), means


def _claims(week: Week, pairs: Pairs) -> Iterator[tuple[str, str, str, int]]:
    """Yield (A, B, C, size) of each small group."""
    holders = week.holders("plugins")
    names = {one for one, _ in pairs}
    for a, b in pairs:
        if holders[a] <= holders[b]:
            for c in names - {a, b}:
                size = round(pairs.get((b, c), 0) - pairs[a, c]) if (a, c) in pairs else 0
                if 1 <= size < before.K:
                    yield a, b, c, size


def _true(week: Week, a: str, b: str, c: str) -> int:
    holders = week.holders("plugins")
    return len(holders[b] & holders[c] - holders[a])
