"""What of a week may be shown: the one place that decides it.

A group is shown from k installations on, under a name that names nobody; the others are together in '(other)', which
keeps the same rule.  Where a total is known, what is hidden of it is nobody, or at least k.
"""

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from transforms.sql import statement
from transforms.weeks.groups import Group, WeekGroups
from transforms.weeks.pairs import Sets
from transforms.weeks.series_groups import Row, core_rows
from transforms.weeks.small_groups import hidden, hidden_of_partition, reveals_no_rest
from vocabulary.release_calendar import ReleaseCalendar
from vocabulary.versions import OTHER

# Marts in which each installation counts once under each parent, so that the rest can be worked out.
_PARTITIONS = frozenset({"core_versions", "plugin_versions", "sizes", "quarters"})
_SUMS_ONLY = frozenset({"quarters_established", "reported_facts"})
_TOTALS_IN = {"plugin_versions": "plugins", "facts": "reported_facts"}  # the mart that says what a parent's n is
_FLOWS = ("new_installations", "came_back", "gone")

Pair = tuple[str, str, str, int, int]  # mart, first, second, installations with both, installations with the first


class Disclosure:
    """The groups of a week that fold, and the rows that may be shown."""

    def __init__(self, groups: WeekGroups, k: int, calendar: ReleaseCalendar, day: str) -> None:
        """`day` is the last of the week."""
        self._groups, self._k, self._calendar, self._day = groups, k, calendar, day
        self._folded = {group: self._fold(group, sizes) for group, sizes in sorted(groups.sizes.items())}
        self._shown_sizes = Counter(
            {
                (mart, groups.name(key_id)): size
                for mart in _TOTALS_IN.values()
                for key_id, size in groups.sizes[mart, ""].items()
                if key_id not in self._folded.get((mart, ""), ())
            }
        )

    def rows(self, connection: sqlite3.Connection) -> Iterator[Row]:
        """Yield every row of the week's cells that may be shown."""
        totals = {group: self._total(group) for group in list(self._groups.sizes) if group[0] not in _SUMS_ONLY}
        for group, n in totals.items():
            if n:
                yield from self._named(group, n)
        for group, (installations, parts) in self._others(connection).items():
            if installations >= self._k and totals[group]:
                yield (*group, OTHER, installations, parts, totals[group])
        yield from self._core_rows()

    def shown_plugins(self) -> set[int]:
        """Return the plugins that are shown by name, by key_id."""
        group = ("plugins", "")
        return self._groups.sizes[group].keys() - self._folded.get(group, set())

    def pairs(self, sets: Sets) -> Iterator[Pair]:
        """Yield each pair of plugins, and each plugin with a series of the core, that may be shown.

        A pair is shown where the installations with both, and those with the one and without the other, are nobody
        or at least k.
        """
        shown_series = {name for mart, _, name, *_ in self._core_rows() if mart == "core_series"}
        for plugin, having in sets.of_plugin.items():
            n = having.bit_count()
            for other, having_other in sets.of_plugin.items():
                both = (having & having_other).bit_count()
                if other != plugin and reveals_no_rest(both, (n, having_other.bit_count()), self._k):
                    yield "plugin_pairs", plugin, other, both, n
            for name, size in self._series_of_plugin(having, sets.of_series, shown_series).items():
                yield "plugin_series", plugin, name, size, n

    def _series_of_plugin(self, having: int, of_series: Mapping[str, int], shown: Collection[str]) -> dict[str, int]:
        sizes = {name: size for name, there in of_series.items() if (size := (having & there).bit_count())}
        unnamed = {
            name
            for name, size in sizes.items()
            if name not in shown or not reveals_no_rest(size, [of_series[name].bit_count()], self._k)
        }
        folded = hidden_of_partition(sizes, self._k, unnamed)
        rest = sum(sizes[name] for name in folded)
        return {name: size for name, size in sizes.items() if name not in folded} | ({OTHER: rest} if rest else {})

    def _fold(self, group: Group, sizes: Mapping[int, int]) -> set[int]:
        if group[0] == "quarters":
            # Where a few are gone, those who stay would tell how few, next to all who came.
            came = self._groups.came
            unnamed = {one for one in sizes if not reveals_no_rest(sizes[one], [came(one)], self._k)}
        else:
            unnamed = {one for one in sizes if not self._groups.names_nobody(one)}
        if self._is_partition(group):
            return hidden_of_partition(sizes, self._k, unnamed, self._groups.name)
        return hidden(sizes, self._k, unnamed)

    def _is_partition(self, group: Group) -> bool:
        mart, parent = group
        return mart in _PARTITIONS or (mart == "facts" and self._groups.has_one_value_each(parent))

    def _total(self, group: Group) -> int:
        """Return what the shares of a group are of; 0 where the group may not be shown."""
        mart, parent = group
        if mart in _TOTALS_IN:
            return self._shown_sizes[_TOTALS_IN[mart], parent]
        return self._groups.established

    def _named(self, group: Group, n: int) -> Iterator[Row]:
        for key_id, installations in self._groups.sizes[group].items():
            if key_id not in self._folded[group]:
                of = self._groups.came(key_id) if group[0] == "quarters" else n
                yield (*group, self._groups.name(key_id), installations, self._groups.parts(key_id), of)

    def _others(self, connection: sqlite3.Connection) -> dict[Group, tuple[int, int]]:
        """Return the different installations, and parts, under the hidden names of each group."""
        others: dict[Group, tuple[int, int]] = {}
        apart: dict[Group, set[int]] = {}
        for group, key_ids in self._folded.items():
            if self._is_partition(group):
                size = sum(self._groups.sizes[group][key_id] for key_id in key_ids)
                others[group] = (size, size)
            elif key_ids and group[0] not in _SUMS_ONLY:
                apart[group] = key_ids
        return others | self._groups.count_together(connection, apart) if apart else others

    def _core_rows(self) -> Iterator[Row]:
        """Yield the rows of series, freshness and adoption."""
        sizes, folded = self._groups.sizes["core_versions", ""], self._folded.get(("core_versions", ""), set())
        versions = {self._groups.name(one): (size, one not in folded) for one, size in sizes.items()}
        return core_rows(versions, self._calendar, self._day, self._groups.established, self._k)


def shown_totals(totals: Mapping[str, int], k: int) -> tuple[int | None, ...]:
    """Return active, established, first_seen and the flows of a week; what would reveal a small group stays empty."""
    active, established, first_seen = totals["active"], totals["established"], totals["first_seen"]

    def is_safe(rest: int) -> bool:
        return rest <= 0 or rest >= k

    is_shown = first_seen >= k and is_safe(active - first_seen) and is_safe(active - established - first_seen)
    return (
        active if is_safe(active - established) else None,
        established,
        first_seen if is_shown else None,
        *shown_flows({name: totals[name] for name in _FLOWS}, k).values(),
    )


def shown_flows(flows: Mapping[str, int], k: int) -> dict[str, int | None]:
    """Return how many came and went, empty below k.  The total tells the last of them: two hide."""
    by_size = sorted(flows, key=lambda name: flows[name])
    small = {name for name in by_size if flows[name] < k}
    if len(small) == 1:
        small = set(by_size[:2])
    return {name: None if name in small else flows[name] for name in flows}


def shown_reasons(reasons: Sequence[tuple[str, int, int]], k: int) -> Iterator[Row]:
    """Yield why installations do not count, given (reason, installations, is_waiting).

    Those that wait to be established are a partition: their total is known.
    """
    waiting = {reason: size for reason, size, is_waiting in reasons if is_waiting}
    folded = hidden_of_partition(waiting, k) | {reason for reason, size, _ in reasons if size < k}
    for reason, size, _ in reasons:
        if reason not in folded:
            yield "left_out", "", reason, size, size, size


def hide_small(connection: sqlite3.Connection, k: int) -> None:
    """Hide what was shown under a smaller k and is too small for this one.  In the caller's transaction."""
    for table in ("cells", "totals", "weeks"):
        connection.execute(statement(f"weeks/sql/small_{table}"), {"min_group": k})
