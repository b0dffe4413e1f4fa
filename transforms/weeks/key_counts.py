"""How many installations stand under each key at the end of a week: those of the week before, and what changed."""

import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Iterable

from transforms.database.configurations import Configurations
from transforms.sql import statement

_CHANGED_AT_ONCE = 50_000  # keys whose changes wait in memory
# A change is one whole number, installations in its high bits and record keys in its low ones: one addition for both.
_LOW_BITS = 64
_HALF = 1 << (_LOW_BITS - 1)


class KeyCounts:
    """The cells of the last counted week, which views.db holds."""

    def __init__(self, connection: sqlite3.Connection, configurations: Configurations) -> None:
        self._connection = connection
        self._configurations = configurations
        self._changes: defaultdict[int, int] = defaultdict(int)  # by key_id

    def move_to(self, week: dict[str, object]) -> None:
        """Take the changes of a week; `week` holds the parameters of its statements.  In the caller's transaction."""
        execute = self._connection.execute
        execute(statement("weeks/sql/established"), week)
        execute("delete from changes")
        execute(statement("weeks/sql/changes"), week)
        for was, becomes, record_key in execute(statement("weeks/sql/changed_configurations")):
            self._move(set(array("I", was or b"")), set(array("I", becomes or b"")), record_key)
            if len(self._changes) > _CHANGED_AT_ONCE:
                self._write()
        for quarter, installations, record_keys in execute(statement("weeks/sql/changed_quarters")).fetchall():
            key_id = self._configurations.id_of("quarters", quarter)
            self._changes[key_id] += (installations << _LOW_BITS) + record_keys
        self._write()
        execute("delete from cells where installations = 0")
        execute(statement("weeks/sql/counted"))

    def _move(self, was: set[int], becomes: set[int], record_key: int) -> None:
        """Take an installation from the keys that it no longer has to those that are new: most stay."""
        one = (1 << _LOW_BITS) + record_key
        for key_id in was - becomes:
            self._changes[key_id] -= one
        for key_id in becomes - was:
            self._changes[key_id] += one

    def _write(self) -> None:
        """Write the changes that wait."""
        self._connection.executemany(statement("weeks/sql/add_to_cells"), _rows(self._changes.items()))
        self._changes.clear()


def _rows(changes: Iterable[tuple[int, int]]) -> Iterable[tuple[int, int, int]]:
    """Yield key_id, installations and record keys of each change."""
    for key_id, change in changes:
        if change:
            installations = (change + _HALF) >> _LOW_BITS
            yield key_id, installations, change - (installations << _LOW_BITS)
