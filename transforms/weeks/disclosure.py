"""What of a week may be shown: the one place that decides it.

A group is shown if its figure is at least k, under a name that names nobody; the others are together in '(other)',
which keeps the same rule.  Of exact figures, where a total is known, what is hidden is nobody, or at least k.
"""

from collections.abc import Collection, Iterator, Mapping

from transforms.weeks.draws import Draws
from transforms.weeks.groups import Group, WeekGroups
from transforms.weeks.noise import Count
from transforms.weeks.series_groups import CoreVersions, Row
from transforms.weeks.small_groups import hidden, hidden_of_partition
from vocabulary.release_calendar import ReleaseCalendar
from vocabulary.versions import OTHER

# Marts in which each installation counts once under each parent, so that the rest can be worked out.
_PARTITIONS = frozenset({"core_versions", "plugin_versions", "sizes", "quarters"})
_REPORTED = "reported_facts"  # who reports a further key: the base of its shares, and no row of its own
_BASES = {"plugin_versions": "plugins", "facts": _REPORTED}  # the mart in which a group's parent is counted
_NOT_FROM_KEYS = frozenset(
    {"core_series", "freshness", "adoption", "totals", "left_out", "plugin_pairs", "plugin_series"}
)
_CROSSED_FROM = 5  # times k: the figure from which on it may be told what goes with a plugin
_VERSIONS = "plugin_versions"  # a cross table as well, unless figures are exact: there is then no draw to repeat


class Disclosure:
    """The groups of a week, with the figures that are shown, and those that fold."""

    def __init__(  # noqa: PLR0913 - all are named by who calls it
        self,
        groups: WeekGroups,
        draws: Draws,
        *,
        established: int,
        k: int,
        is_crossed: bool,
        calendar: ReleaseCalendar,
        day: str,
        fields_of_words: Collection[str],
    ) -> None:
        """`established` is the week's published figure, `day` its last day.

        In a week that `is_crossed`, it may be told what goes with a plugin.  A report can say several values of each of
        the further keys `fields_of_words`.
        """
        self._groups, self._draws, self._established, self._k = groups, draws, established, k
        self._fields_of_words = fields_of_words
        self._figures: dict[Group, dict[str, int]] = {}
        self._folded: dict[Group, set[str]] = {}
        for group in sorted(groups.counts.keys() | draws.published_groups):  # plugins come before their versions
            if group[0] not in _NOT_FROM_KEYS and (group[0] != _VERSIONS or is_crossed or draws.is_exact):
                self._figures[group], self._folded[group] = self._fold(group)
        self._core_rows = list(self._core_versions(calendar, day).rows(draws))

    def rows(self, highest: Mapping[str, int]) -> Iterator[Row]:
        """Yield every row of the week's cells that may be shown; `highest` has the highest figure of each quarter."""
        others = self._others()
        for group, figures in self._figures.items():
            if group[0] == _REPORTED:
                continue
            if not (n := self._base(group)):
                self._draws.forget(*group)
                continue
            for name, figure in (figures | others.get(group, {})).items():
                yield (*group, name, figure, max(figure, highest.get(name, 0)) if group[0] == "quarters" else n)
        yield from self._core_rows

    def crossed_plugins(self) -> dict[str, int]:
        """Return the figures of the plugins of which it may be told what goes with them.

        Of one whose figure stays, it stays told.
        """
        figures, told = self._figures.get(("plugins", ""), {}), self._draws.crossed
        return {
            name: figure
            for name, figure in figures.items()
            if figure >= _CROSSED_FROM * self._k or told.get(name) == figure
        }

    def shown_series(self) -> set[str]:
        """Return the series that are shown by name."""
        return {name for mart, _, name, *_ in self._core_rows if mart == "core_series" and name != OTHER}

    def _fold(self, group: Group) -> tuple[dict[str, int], set[str]]:
        """Return the figures of the group that are shown, and the names that fold."""
        counts = self._groups.counts.get(group, {})
        named = {name: count for name, count in counts.items() if self._groups.may_be_shown(group, name)}
        unnamed = counts.keys() - named.keys()
        named |= {name: Count() for name in self._draws.published_names(*group) - named.keys() - {OTHER}}
        figures = {name: self._draws.figure(*group, name, count) for name, count in named.items()}
        if self._draws.can_be_subtracted and self._is_partition(group):
            sizes = figures | {name: counts[name].installations for name in unnamed}
            folded = hidden_of_partition(sizes, self._k, unnamed)
        else:
            folded = hidden(figures, self._shown_from(group)) | unnamed
        return {name: figure for name, figure in figures.items() if name not in folded}, folded

    def _is_partition(self, group: Group) -> bool:
        mart, parent = group
        return mart in _PARTITIONS or (mart == "facts" and parent not in self._fields_of_words)

    def _base(self, group: Group) -> int:
        """Return what the shares of a group are of; 0 where the group may not be shown."""
        mart, parent = group
        if mart == _VERSIONS and not self._draws.is_exact:
            return self.crossed_plugins().get(parent, 0)
        if mart in _BASES:
            return self._figures.get((_BASES[mart], ""), {}).get(parent, 0)
        return self._established

    def _others(self) -> dict[Group, dict[str, int]]:
        """Return the figure of '(other)' in each group where it is shown."""
        counts: dict[Group, Count] = {}
        apart: dict[Group, set[str]] = {}
        for group, names in self._folded.items():
            if self._is_partition(group):
                counts[group] = sum((self._groups.counts[group].get(name, Count()) for name in names), Count())
            elif names and group[0] != _REPORTED:
                apart[group] = names
            elif OTHER in self._draws.published_names(*group):
                counts[group] = Count()
        counts |= self._groups.count_together(apart) if apart else {}
        figures = {group: self._draws.figure(*group, OTHER, count) for group, count in counts.items()}
        return {group: {OTHER: figure} for group, figure in figures.items() if figure >= self._shown_from(group)}

    def _shown_from(self, group: Group) -> int:
        """Return the least figure that is shown of a group."""
        return self._k + self._draws.bound if group[0] == _VERSIONS else self._k

    def _core_versions(self, calendar: ReleaseCalendar, day: str) -> CoreVersions:
        group = ("core_versions", "")
        versions = CoreVersions(calendar, day, self._established, self._k)
        for name, count in self._groups.counts.get(group, {}).items():
            versions.add(
                name,
                count,
                is_shown=name in self._figures[group],
                may_be_shown=self._groups.may_be_shown(group, name),
            )
        return versions
