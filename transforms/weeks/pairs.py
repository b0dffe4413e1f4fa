"""Which plugins go together, and on which series each stands, at the end of a week.

A set of installations is one big whole number, a bit for each, so that what two sets share is one `&`.
"""

import sqlite3
from array import array
from collections.abc import Iterator

from transforms.sql import statement
from transforms.weeks.disclosure import DisclosedWeek
from transforms.weeks.small_groups import gives_no_rest_away, hidden_of_partition
from vocabulary.versions import OTHER, series

Pair = tuple[str, str, str, int, int]  # mart, first, second, installations with both, installations with the first


def pairs_of_week(connection: sqlite3.Connection, week: DisclosedWeek) -> Iterator[Pair]:
    """Yield each pair of plugins, and each plugin with a series of the core, that may be shown.

    A pair is shown where the installations with both, and those with the one and without the other, are nobody or k.
    """
    k, names = week.min_group, week.configurations.names
    plugins = _shown(week, "plugins")
    versions = week.groups["core_versions", ""].keys()
    bits = _sets(connection, plugins | versions)
    of_plugin = {names[one].name: bits[one] for one in sorted(plugins, key=lambda one: names[one].name)}
    of_series: dict[str, int] = {}
    for one in versions:
        name = series(names[one].name)
        of_series[name] = of_series.get(name, 0) | bits[one]
    shown_series = {name for mart, _, name, *_ in week.core_rows() if mart == "core_series"}
    for plugin, having in of_plugin.items():
        n = having.bit_count()
        for other, having_other in of_plugin.items():
            both = (having & having_other).bit_count()
            if other != plugin and gives_no_rest_away(both, (n, having_other.bit_count()), k):
                yield "plugin_pairs", plugin, other, both, n
        sizes = {name: size for name, there in of_series.items() if (size := (having & there).bit_count())}
        unnamed = {
            name
            for name, size in sizes.items()
            if name not in shown_series or not gives_no_rest_away(size, [of_series[name].bit_count()], k)
        }
        shown = {name: sizes[name] for name in sizes.keys() - hidden_of_partition(sizes, k, unnamed)}
        for name, size in shown.items():
            yield "plugin_series", plugin, name, size, n
        if rest := n - sum(shown.values()):
            yield "plugin_series", plugin, OTHER, rest, n


def _shown(week: DisclosedWeek, mart: str) -> set[int]:
    group = (mart, "")
    return week.groups[group].keys() - week.folded.get(group, set())


def _sets(connection: sqlite3.Connection, wanted: set[int]) -> dict[int, int]:
    """Return the installations that stand under each key as bits of a whole number."""
    size = connection.execute("select count(counted_as) from installations").fetchone()[0]
    sets = {key_id: bytearray(size // 8 + 1) for key_id in wanted}
    for place, (packed, _) in enumerate(connection.execute(statement("weeks/sql/standing_keys"))):
        bit = 1 << (place & 7)
        for key_id in array("I", packed):
            if key_id in wanted:
                sets[key_id][place >> 3] |= bit
    return {key_id: int.from_bytes(bits, "little") for key_id, bits in sets.items()}
