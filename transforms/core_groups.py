"""Series and freshness of the core, from its versions and in keeping with what is shown of them.  Pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from transforms.calendar import Calendar, days_between
from transforms.versions import OTHER, UNKNOWN, core_order, series

ADOPTION_DAYS = 730

Row = tuple[str, str, str, int, int, int]  # mart, parent, name, installations, parts, n
Sizes = dict[str, list[int]]  # by group: [installations under its shown members, under its hidden ones]


def core_rows(
    versions: Mapping[str, tuple[int, bool]], calendar: Calendar, day: str, established: int, k: int
) -> Iterator[Row]:
    """Yield the rows of core_series and freshness; `versions` has the size of each and whether it is shown.

    A series counts its shown versions, and its hidden ones where these are k installations at least; what its row
    says beyond the rows of its versions is therefore nothing, or no small group.  Freshness likewise, of series.
    """
    of_series: Sizes = defaultdict(lambda: [0, 0])
    for version, (size, is_shown) in versions.items():
        of_series[series(version)][not is_shown] += size
    calendar_names = {one.name for one in calendar.series} | {UNKNOWN}
    counted = refined(of_series, k, {name for name, (shown, _) in of_series.items() if shown} | calendar_names)
    yield from _adoption(counted, calendar, day, established, k)
    of_freshness: Sizes = defaultdict(lambda: [0, 0])
    for name, (shown, under_hidden) in of_series.items():
        group = of_freshness[calendar.freshness(name, day)]
        group[0] += counted.get(name, 0)
        group[1] += shown + under_hidden - counted.get(name, 0)
    for mart, groups in (("core_series", counted), ("freshness", refined(of_freshness, k, set(of_freshness)))):
        rest = established - sum(groups.values())
        for name, size in (groups | ({OTHER: rest} if rest else {})).items():
            yield mart, "", name, size, size, established


def _adoption(counted: Mapping[str, int], calendar: Calendar, day: str, established: int, k: int) -> Iterator[Row]:
    """Yield for each series of the last two years how many are on it or on a newer one, as far as shown."""
    for one in calendar.series:
        if one.released_on <= day and days_between(one.released_on, day) <= ADOPTION_DAYS:
            size = sum(size for name, size in counted.items() if name != UNKNOWN and core_order(name) >= one.order)
            if size >= k:
                yield "adoption", "", one.name, size, size, established


def refined(sizes: Sizes, k: int, nameable: set[str]) -> dict[str, int]:
    """Return the size of each group that may be shown: its shown members, and its hidden ones where that is safe.

    What is left of all hidden ones is nobody or k at least, if all of them together are.
    """
    taken = sorted((under_hidden, name) for name, (_, under_hidden) in sizes.items() if under_hidden >= k)
    taken = [(size, name) for size, name in taken if name in nameable]
    left = sum(under_hidden for _, under_hidden in sizes.values()) - sum(size for size, _ in taken)
    while 0 < left < k and taken:
        left += taken.pop(0)[0]
    more = {name: size for size, name in taken}
    return {name: shown + more.get(name, 0) for name, (shown, _) in sizes.items() if shown + more.get(name, 0)}
