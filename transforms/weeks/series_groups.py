"""Series, freshness and adoption of the core, from its versions and consistent with what is shown of them.  Pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from transforms.weeks.small_groups import Members, refined
from vocabulary.release_calendar import ReleaseCalendar, days_between
from vocabulary.versions import OTHER, UNKNOWN, core_order, series

ADOPTION_DAYS = 730

Row = tuple[str, str, str, int, int, int]  # mart, parent, name, installations, parts, n


def core_rows(
    versions: Mapping[str, tuple[int, bool]], calendar: ReleaseCalendar, day: str, established: int, k: int
) -> Iterator[Row]:
    """Yield the rows of core_series and freshness; `versions` has the size of each and whether it is shown.

    A series counts its shown versions, and its hidden ones where these are at least k installations; what its row
    says beyond the rows of its versions is therefore nothing, or no small group.  Freshness likewise, of series.
    """
    of_series: defaultdict[str, Members] = defaultdict(Members)
    for version, (size, is_shown) in versions.items():
        of_series[series(version)].add(*((size, 0) if is_shown else (0, size)))
    calendar_names = {one.name for one in calendar.series} | {UNKNOWN}
    counted = refined(of_series, k, {name for name, group in of_series.items() if group.shown} | calendar_names)
    yield from _adoption(counted, calendar, day, established, k)
    of_freshness: defaultdict[str, Members] = defaultdict(Members)
    for name, group in of_series.items():
        there, size = counted.get(name, 0), group.shown + sum(group.hidden)
        of_freshness[calendar.freshness(name, day)].add(there, size - there)
    for mart, groups in (("core_series", counted), ("freshness", refined(of_freshness, k, set(of_freshness)))):
        rest = established - sum(groups.values())
        for name, size in (groups | ({OTHER: rest} if rest else {})).items():
            yield mart, "", name, size, size, established


def _adoption(
    counted: Mapping[str, int], calendar: ReleaseCalendar, day: str, established: int, k: int
) -> Iterator[Row]:
    """Yield for each series of the last two years how many are on it or on a newer one, as far as shown."""
    for one in calendar.series:
        if one.released_on <= day and days_between(one.released_on, day) <= ADOPTION_DAYS:
            size = sum(size for name, size in counted.items() if name != UNKNOWN and core_order(name) >= one.order)
            if size >= k:
                yield "adoption", "", one.name, size, size, established
