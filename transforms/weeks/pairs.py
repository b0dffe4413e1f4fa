"""Which installations have each plugin, and which are on each series, at the end of a week.

A set of installations is one big whole number with a bit for each, so that what two sets share is one `&`.
"""

import sqlite3
from array import array
from collections.abc import Collection
from dataclasses import dataclass

from transforms.sql import statement
from transforms.weeks.groups import WeekGroups
from vocabulary.versions import series


@dataclass(frozen=True)
class Sets:
    """The installations with each plugin, and on each series, as bits; plugins in the order of their names."""

    of_plugin: dict[str, int]
    of_series: dict[str, int]


def sets_of_week(connection: sqlite3.Connection, groups: WeekGroups, plugins: Collection[int]) -> Sets:
    """Return the sets of these plugins, given by key_id, and of every series."""
    versions = groups.sizes["core_versions", ""].keys()
    bits = _bits(connection, {*plugins, *versions})
    of_series: dict[str, int] = {}
    for one in versions:
        name = series(groups.name(one))
        of_series[name] = of_series.get(name, 0) | bits[one]
    return Sets({groups.name(one): bits[one] for one in sorted(plugins, key=groups.name)}, of_series)


def _bits(connection: sqlite3.Connection, wanted: set[int]) -> dict[int, int]:
    size = connection.execute("select count(counted_as) from installations").fetchone()[0]
    sets = {key_id: bytearray(size // 8 + 1) for key_id in wanted}
    for place, (packed, _) in enumerate(connection.execute(statement("weeks/sql/standing_keys"))):
        bit = 1 << (place & 7)
        for key_id in array("I", packed):
            if key_id in wanted:
                sets[key_id][place >> 3] |= bit
    return {key_id: int.from_bytes(bits, "little") for key_id, bits in sets.items()}
