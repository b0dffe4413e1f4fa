"""Series, freshness and adoption of the core, from its versions."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from transforms.weeks.draws import Draws
from transforms.weeks.noise import Count
from transforms.weeks.small_groups import Members, hidden, refined
from vocabulary.release_calendar import ReleaseCalendar, days_between
from vocabulary.versions import OTHER, UNKNOWN, core_order, series

ADOPTION_DAYS = 730
_OF_ONE_SERIES = ("latest", "previous", UNKNOWN)  # show the figure of their series, if they have one

Row = tuple[str, str, str, int, int]  # mart, parent, name, figure, n


class CoreVersions:
    """The versions of a week by series: what is counted of them, and which versions are shown or could be."""

    def __init__(self, calendar: ReleaseCalendar, day: str, established: int, k: int) -> None:
        """`day` is the last of the week; `established` is its published figure."""
        self._calendar, self._day, self._established, self._k = calendar, day, established, k
        self._counts: defaultdict[str, Count] = defaultdict(Count)
        self._members: defaultdict[str, Members] = defaultdict(Members)
        self._nameable = {one.name for one in calendar.series} | {UNKNOWN}

    def add(self, version: str, count: Count, *, is_shown: bool, may_be_shown: bool) -> None:
        name, size = series(version), count.installations
        self._counts[name] += count
        self._members[name].add(*((size, 0) if is_shown else (0, size)))
        if may_be_shown:
            self._nameable.add(name)

    def rows(self, draws: Draws) -> Iterator[Row]:
        """Yield the rows of core_series, freshness and adoption."""
        yield from self._exact_rows() if draws.can_be_subtracted else self._drawn_rows(draws)

    def _drawn_rows(self, draws: Draws) -> Iterator[Row]:
        """Yield rows whose groups are cells of their own."""
        published = draws.published_names("core_series") - {OTHER}
        counts = self._counts | {name: Count() for name in published - self._counts.keys()}
        figures = {name: draws.figure("core_series", "", name, count) for name, count in counts.items()}
        folded = hidden(figures, self._k, figures.keys() - self._nameable - published)
        yield from self._partition(draws, "core_series", counts, figures, folded)
        of_freshness: defaultdict[str, list[str]] = defaultdict(list)
        of_freshness.update({name: [] for name in draws.published_names("freshness") - {OTHER}})
        for name in self._counts:
            of_freshness[self._calendar.freshness(name, self._day)].append(name)
        together = {name: sum((counts[one] for one in each), Count()) for name, each in of_freshness.items()}
        stay = {name for name, count in together.items() if draws.stays("freshness", "", name, count)}
        fresh = {name: draws.figure("freshness", "", name, count) for name, count in together.items()}
        for name, each in of_freshness.items():
            if name in _OF_ONE_SERIES and len(each) == 1 and name not in stay:
                fresh[name] = 0 if each[0] in folded else figures[each[0]]
        yield from self._partition(draws, "freshness", together, fresh, hidden(fresh, self._k))
        for name, order in self._adopted():
            newer = (count for one, count in counts.items() if one != UNKNOWN and core_order(one) >= order)
            figure = draws.figure("adoption", "", name, sum(newer, Count()))
            if figure >= self._k:
                yield "adoption", "", name, figure, self._established

    def _partition(
        self, draws: Draws, mart: str, counts: Mapping[str, Count], figures: Mapping[str, int], folded: set[str]
    ) -> Iterator[Row]:
        """Yield the rows of groups in which each installation counts once."""
        for name, figure in figures.items():
            if name not in folded:
                yield mart, "", name, figure, self._established
        rest = draws.figure(mart, "", OTHER, sum((counts[name] for name in folded), Count()))
        if rest >= self._k:
            yield mart, "", OTHER, rest, self._established

    def _exact_rows(self) -> Iterator[Row]:
        """Yield rows of exact figures, which subtraction must not give away.

        A series counts its shown versions, and its hidden ones where these are at least k installations; what its row
        says beyond the rows of its versions is therefore nothing, or no small group.  Freshness likewise, of series.
        """
        shown = {name for name, group in self._members.items() if group.shown}
        counted = refined(self._members, self._k, shown | self._nameable)
        of_freshness: defaultdict[str, Members] = defaultdict(Members)
        for name, group in self._members.items():
            there, size = counted.get(name, 0), group.shown + sum(group.hidden)
            of_freshness[self._calendar.freshness(name, self._day)].add(there, size - there)
        for name, order in self._adopted():
            size = sum(size for one, size in counted.items() if one != UNKNOWN and core_order(one) >= order)
            if size >= self._k:
                yield "adoption", "", name, size, self._established
        for mart, groups in (
            ("core_series", counted),
            ("freshness", refined(of_freshness, self._k, set(of_freshness))),
        ):
            rest = self._established - sum(groups.values())
            for name, size in (groups | ({OTHER: rest} if rest else {})).items():
                yield mart, "", name, size, self._established

    def _adopted(self) -> Iterator[tuple[str, str]]:
        """Yield each series of the last two years with its order."""
        for one in self._calendar.series:
            if one.released_on <= self._day and days_between(one.released_on, self._day) <= ADOPTION_DAYS:
                yield one.name, one.order
