"""V and O: what noise leaves to those who add up and subtract.

V: a group that does not change for many weeks shows as many draws; their mean, rounded, is claimed to be its size.  The
baseline claims what the last week shows.

O: where everybody counts once, the total less all that is shown is in '(other)', or nobody.  A rest of 1 to 4 is
claimed to be exact.  The baseline is the one size that would be right most often.
"""

from collections import Counter

from tests.privacy.model import before
from tests.privacy.model.scene import Scene
from tests.privacy.model.scoring import Result

WEEKS = 13
_WITH_MORE_HIDDEN = {"core_series"}  # of exact figures: a series is without its hidden versions
_PARTITIONS = (("core_versions", ""), ("core_series", ""), ("sizes", "proxies"), ("sizes", "compute_resources"))


def average(scene: Scene) -> Result:
    """V: success is an exact size."""
    right = guessed = tries = 0
    counts = {week.week_start: week.counts() for week in scene.world.weeks}
    shown = scene.published[-WEEKS:]
    for attribute in (one for one in shown[-1].cells if one[0] not in _WITH_MORE_HIDDEN):
        true = {counts[edition.week_start][attribute] for edition in shown}
        if len(true) == 1 and all(attribute in edition.cells for edition in shown):
            size = true.pop()
            tries += 1
            right += round(sum(edition.cells[attribute] for edition in shown) / WEEKS) == size
            guessed += shown[-1].cells[attribute] == size
    return Result("V", scene.installations, right / max(1, tries), guessed / max(1, tries), 1.0, tries)


def rest(scene: Scene) -> Result:
    """O: success is an exact rest."""
    claims: list[tuple[int, int]] = []
    truth = {week.week_start: week for week in scene.world.weeks}
    for edition in scene.published:
        standing = truth[edition.week_start].standing.values()
        for group in _PARTITIONS:
            shown = {one for one in edition.cells if one[:2] == group}
            left = edition.established - sum(edition.cells[one] for one in shown)
            if shown and 1 <= left < before.K:
                claims.append((left, sum(not shown & one.own for one in standing)))
    return Result("O", scene.installations, *_exact(claims), len(claims))


def _exact(claims: list[tuple[int, int]]) -> tuple[float, float, float]:
    """Return how often (claimed, true) are equal, how often the best constant would be right, and the former again."""
    right = sum(claimed == true for claimed, true in claims) / max(1, len(claims))
    commonest = Counter(true for _, true in claims).most_common(1)
    return right, commonest[0][1] / len(claims) if commonest else 0.0, right
