"""What of a week's cells may be shown: every group of at least k installations, the others together."""

import sqlite3
from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from transforms.database.configurations import Configurations
from transforms.sql import statement
from transforms.weeks.key_counts import KeyCounts
from transforms.weeks.series_groups import core_rows
from transforms.weeks.small_groups import gives_no_rest_away, hidden, hidden_of_partition
from vocabulary.release_calendar import ReleaseCalendar
from vocabulary.versions import OTHER

# Marts in which each installation counts once under each parent, so that the rest can be worked out.
_PARTITIONS = frozenset({"core_versions", "plugin_versions", "sizes", "quarters"})
_SUMS_ONLY = frozenset({"quarters_established", "reported_facts"})

Group = tuple[str, str]  # mart, parent
Row = tuple[str, str, str, int, int, int]  # mart, parent, name, installations, parts, n


@dataclass
class DisclosedWeek:
    """The groups of a week, those of them that fold, and what they are shares of."""

    established: int
    min_group: int
    key_counts: KeyCounts
    configurations: Configurations
    calendar: ReleaseCalendar
    day: str  # the last of the week
    groups: dict[Group, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    folded: dict[Group, set[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = self.configurations.names
        for key_id, installations in self.key_counts.installations.items():
            if installations:
                self.groups[names[key_id][:2]][key_id] = installations
        for group, sizes in sorted(self.groups.items()):
            fold = hidden_of_partition if self._is_partition(group) else hidden
            unnamed = self._telling_who_went(sizes) if group[0] == "quarters" else self.unnamed(sizes)
            self.folded[group] = fold(sizes, self.min_group, unnamed)

    def unnamed(self, key_ids: Collection[int]) -> set[int]:
        """Return which of these names may name somebody."""
        names, uncommon = self.configurations.names, self.configurations.uncommon
        return {one for one in key_ids if one in uncommon or not names[one].is_publishable}

    def _telling_who_went(self, key_ids: Collection[int]) -> set[int]:
        """Return the quarters of which a few are gone: beside all who came, those who stay would tell how few."""
        sizes = self.key_counts.installations
        return {one for one in key_ids if not gives_no_rest_away(sizes[one], [self._came(one)], self.min_group)}

    def _came(self, quarter: int) -> int:
        """Return how many of those first seen in a quarter have ever counted."""
        name = self.configurations.names[quarter].name
        return self.key_counts.installations[self.configurations.id_of("quarters_established", name)]

    def _is_partition(self, group: Group) -> bool:
        mart, parent = group
        return mart in _PARTITIONS or (mart == "facts" and self.configurations.kind_of_field(parent) != "words")

    def total(self, group: Group) -> int:
        """Return what the shares of a group are of; 0 where the group may not be shown."""
        mart, parent = group
        if mart == "plugin_versions":
            return self._shown_size("plugins", parent)
        if mart == "facts":
            return self._shown_size("reported_facts", parent)
        return self.established

    def _shown_size(self, mart: str, name: str) -> int:
        group = (mart, "")
        for key_id, size in self.groups[group].items():
            if self.configurations.names[key_id].name == name:
                return 0 if key_id in self.folded[group] else size
        return 0

    def rows(self, connection: sqlite3.Connection) -> Iterator[Row]:
        """Yield every row that may be shown."""
        totals = {group: self.total(group) for group in list(self.groups) if group[0] not in _SUMS_ONLY}
        for group, n in totals.items():
            if n:
                yield from self._named(group, n)
        for group, (installations, parts) in self._others(connection).items():
            if installations >= self.min_group and totals[group]:
                yield (*group, OTHER, installations, parts, totals[group])
        yield from self.core_rows()

    def core_rows(self) -> Iterator[Row]:
        """Yield the rows of series and freshness."""
        return core_rows(self._core_versions(), self.calendar, self.day, self.established, self.min_group)

    def _named(self, group: Group, n: int) -> Iterator[Row]:
        names, parts = self.configurations.names, self.key_counts.parts
        for key_id, installations in self.groups[group].items():
            if key_id not in self.folded[group]:
                of = self._came(key_id) if group[0] == "quarters" else n
                yield (*group, names[key_id].name, installations, installations + parts[key_id], of)

    def _others(self, connection: sqlite3.Connection) -> dict[Group, tuple[int, int]]:
        """Return the different installations, and parts, under the hidden names of each group."""
        partitions = {group for group in self.folded if self._is_partition(group)}
        others = {group: (self._sum(group), self._sum(group)) for group in partitions}
        rest = {
            key_id: group
            for group, key_ids in self.folded.items()
            if group not in partitions and group[0] not in _SUMS_ONLY
            for key_id in key_ids
        }
        return others | _count_together(connection, rest) if rest else others

    def _sum(self, group: Group) -> int:
        return sum(self.groups[group][key_id] for key_id in self.folded[group])

    def _core_versions(self) -> Mapping[str, tuple[int, bool]]:
        group = ("core_versions", "")
        names, folded = self.configurations.names, self.folded.get(group, set())
        return {names[one].name: (size, one not in folded) for one, size in self.groups[group].items()}


def _count_together(connection: sqlite3.Connection, groups: dict[int, Group]) -> dict[Group, tuple[int, int]]:
    """Count the installations that have any key of a group, each once, and their parts."""
    installations: Counter[Group] = Counter()
    parts: Counter[Group] = Counter()
    wanted = set(groups)
    for packed, more_parts in connection.execute(statement("weeks/sql/standing_keys")):
        keys = array("I", packed)
        if wanted.isdisjoint(keys):
            continue
        of_groups = [groups[key_id] for key_id in keys if key_id in wanted]
        more = [groups[key_id] for key_id in array("I", more_parts) if key_id in wanted]
        for group in set(of_groups):
            installations[group] += 1
        for group in of_groups + more:
            parts[group] += 1
    return {group: (installations[group], parts[group]) for group in installations}
