"""E, F, G: figures that say something about each other, without any knowledge of a target.

E: all, less those without a proxy, less those with a proxy of their Foreman's series, are those whose proxies are all
of another series.  F: `n` of retention grows by those who count for the first time, a figure that was hidden when it
was small; with the change of the total it gives who came back less who is gone.  G: a cell that vanishes after it was
five is four now.  G': proxies (or compute resources) less installations says how many have more than one.
"""

from collections.abc import Iterator
from itertools import pairwise
from statistics import fmean

from tests.privacy.model import before
from tests.privacy.model.published import has_column
from tests.privacy.model.scene import Scene
from tests.privacy.model.scoring import Result

SMALL = range(1, before.K)
_WITHOUT, _SAME = ("sizes", "proxies", "0"), ("proxy_skew", "", "same series")


def other_series(scene: Scene) -> Result:
    """E: success is a week in which the difference is a small group, and exact."""
    every = (one for number in range(scene.communities) for one in _differences(scene.other(scene.seed + number)))
    claims = [(size, true) for size, true in every if size in SMALL]
    success = sum(size == true for size, true in claims) / max(1, len(claims))
    return Result("E", scene.installations, success, 1 / len(SMALL), success, len(claims))


def mean_of_other_series(scene: Scene) -> Result:
    """E, over all weeks: success is a community in which the mean is exact, to a whole number."""
    right = 0
    for number in range(scene.communities):
        every = list(_differences(scene.other(scene.seed + number)))
        right += round(fmean(size for size, _ in every)) == round(fmean(true for _, true in every))
    success = right / scene.communities
    return Result("E mean", scene.installations, success, 1 / len(SMALL), success, scene.communities)


def _differences(scene: Scene) -> Iterator[tuple[int, int]]:
    truth = {week.week_start: week.standing.values() for week in scene.world.weeks}
    for edition in scene.published:
        without, same = edition.cells.get(_WITHOUT), edition.cells.get(_SAME)
        if without is not None and same is not None:
            true = sum(not {_WITHOUT, _SAME} & one.own for one in truth[edition.week_start])
            yield edition.established - without - same, true


def first_time(scene: Scene) -> Result:
    """F: success is a week in which the small number of those who are new is read exactly."""
    world = scene.world
    shown = before.ever_counted(world)
    seen: set[str] = set(world.weeks[0].standing)
    claims = right = 0
    for (old, new), week in zip(pairwise(shown), world.weeks[1:], strict=True):
        came = week.standing.keys() - seen
        seen |= came
        if old.keys() == new.keys() and before.quarter(week.week_start) in new and len(came) in SMALL:
            claims += 1
            right += sum(new.values()) - sum(old.values()) == len(came)
    success = right / max(1, claims)
    return Result("F", scene.installations, success, 1 / len(SMALL), success, claims)


def vanishing(scene: Scene) -> Result:
    """G: success is a cell that was five, is not shown any more, and is four."""
    truth = {week.week_start: week.counts() for week in scene.world.weeks}
    vanished: list[bool] = []
    stayed: list[bool] = []
    for old, new in pairwise(scene.published):
        for attribute, figure in old.cells.items():
            if figure == before.K:
                is_four = truth[new.week_start][attribute] == before.K - 1
                (stayed if attribute in new.cells else vanished).append(is_four)
    every = vanished + stayed
    success = sum(vanished) / max(1, len(vanished))
    return Result("G", scene.installations, success, sum(every) / max(1, len(every)), success, len(vanished))


def more_than_one(scene: Scene) -> Result:
    """G': success is a row whose two columns differ by a small number."""
    rows = before.parts(scene.world.last).values()
    small = sum(number - installations in SMALL for installations, number in rows)
    return Result("G'", scene.installations, small / len(rows), 0.0, 1.0, len(rows))


def gone(scene: Scene) -> Result:
    """F, where the column does not exist: nothing can be claimed of any week."""
    weeks = len(scene.world.weeks) - 1
    success = float(has_column(scene.house(scene.world.since(6).uploads).settings.public, "weekly_retention", "n"))
    return Result("F", scene.installations, success, 1 / len(SMALL), 1.0, weeks)


def gone_parts(scene: Scene) -> Result:
    """G', where the columns do not exist."""
    tables = {"weekly_proxy_features": "proxies", "weekly_proxy_versions": "proxies", "weekly_proxy_skew": "proxies"}
    tables |= {"weekly_compute_resources": "resources"}
    public = scene.house(scene.world.since(6).uploads).settings.public
    found = sum(has_column(public, table, column) for table, column in tables.items())
    return Result("G'", scene.installations, found / len(tables), 0.0, 1.0, len(before.parts(scene.world.last)))
