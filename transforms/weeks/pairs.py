"""Which installations have each plugin, and which are on each series, at the end of a week.

A set of installations is one big whole number with a bit for each, so that what two sets share is one `&`.
"""

import sqlite3
from array import array
from collections.abc import Collection
from dataclasses import dataclass

from transforms.sql import statement
from transforms.weeks.noise import Count
from vocabulary.versions import series

_RECORD_KEY_BITS = 32
_STANDING = "select k.key_id, k.name from keys as k inner join cells as c on k.key_id = c.key_id where k.mart = ?"


@dataclass(frozen=True)
class Sets:
    """The installations with each plugin, and on each series, as bits; plugins in the order of their names."""

    of_plugin: dict[str, int]
    of_series: dict[str, int]
    planes: list[int]  # for each bit of a record key, the installations whose key has it

    def count(self, having: int) -> Count:
        """Return the count of a set."""
        record_keys = sum((having & plane).bit_count() << bit for bit, plane in enumerate(self.planes))
        return Count(having.bit_count(), record_keys)


def sets_of_week(connection: sqlite3.Connection, plugins: Collection[str]) -> Sets:
    """Return the sets of these plugins, and of every series."""
    named = {key_id: name for key_id, name in connection.execute(_STANDING, ("plugins",)) if name in plugins}
    versions = dict(connection.execute(_STANDING, ("core_versions",)))
    bits, planes = _bits(connection, named.keys() | versions.keys())
    of_series: dict[str, int] = {}
    for key_id, version in versions.items():
        of_series[series(version)] = of_series.get(series(version), 0) | bits[key_id]
    of_plugin = {name: bits[key_id] for key_id, name in named.items()}
    return Sets(dict(sorted(of_plugin.items())), of_series, planes)


def _bits(connection: sqlite3.Connection, wanted: Collection[int]) -> tuple[dict[int, int], list[int]]:
    size = connection.execute("select count(counted_as) from installations").fetchone()[0] // 8 + 1
    sets = {key_id: bytearray(size) for key_id in wanted}
    planes = [bytearray(size) for _ in range(_RECORD_KEY_BITS)]
    for place, (packed, record_key) in enumerate(connection.execute(statement("weeks/sql/standing_keys"))):
        byte, bit = place >> 3, 1 << (place & 7)
        for key_id in array("I", packed):
            if key_id in sets:
                sets[key_id][byte] |= bit
        for number, plane in enumerate(planes):
            if record_key >> number & 1:
                plane[byte] |= bit
    return (
        {key_id: int.from_bytes(bits, "little") for key_id, bits in sets.items()},
        [int.from_bytes(plane, "little") for plane in planes],
    )
