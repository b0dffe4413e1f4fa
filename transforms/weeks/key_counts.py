"""How many installations stand under each key at the end of a week: those of the week before, and what changed."""

import sqlite3
from array import array
from collections import Counter

from transforms.database.configurations import Configurations
from transforms.sql import statement

_CHANGED_AT_ONCE = 50_000  # keys whose changes wait in memory


class KeyCounts:
    """The cells of the last counted week, which views.db holds."""

    def __init__(self, connection: sqlite3.Connection, configurations: Configurations) -> None:
        self._connection = connection
        self._configurations = configurations
        self._installations: Counter[int] = Counter()  # more or fewer, by key_id
        self._parts: Counter[int] = Counter()  # proxies or compute resources beyond the first of each installation

    def move_to(self, week: dict[str, object]) -> None:
        """Take the changes of a week; `week` holds the parameters of its statements.  In the caller's transaction."""
        execute = self._connection.execute
        execute(statement("weeks/sql/established"), week)
        execute("delete from changes")
        execute(statement("weeks/sql/changes"), week)
        for keys, more_parts, installations in execute(statement("weeks/sql/changed_keys")):
            _add(self._installations, keys, installations)
            _add(self._parts, more_parts, installations)
            if len(self._installations) > _CHANGED_AT_ONCE:
                self._write()
        for quarter, installations, new in execute(statement("weeks/sql/changed_quarters"), week).fetchall():
            for mart, more in (("quarters", installations), ("quarters_established", new)):
                self._installations[self._configurations.id_of(mart, quarter)] += more
        self._write()
        execute("delete from cells where installations = 0")
        execute(statement("weeks/sql/counted"))

    def find_common(self, min_group: int) -> None:
        """Note which names were reported from k networks."""
        key_ids = self._configurations.key_ids
        standing = self._connection.execute("select key_id from cells where installations >= ?", (min_group,))
        candidates = [row for row in standing if key_ids.is_uncommon[row[0]]]
        if candidates:
            self._connection.execute("delete from candidates")
            self._connection.executemany("insert into candidates values (?)", candidates)
            networks = self._connection.execute(statement("weeks/sql/networks")).fetchall()
            key_ids.note_common(key_id for key_id, count in networks if count >= min_group)

    def _write(self) -> None:
        """Write the changes that wait."""
        rows = ((key_id, more, self._parts[key_id]) for key_id, more in self._installations.items())
        self._connection.executemany(statement("weeks/sql/add_to_cells"), (row for row in rows if row[1] or row[2]))
        self._installations.clear()
        self._parts.clear()


def _add(counts: Counter[int], packed: bytes, times: int) -> None:
    keys = array("I", packed)
    if times == 1:
        counts.update(keys)
    else:
        for key_id in keys:
            counts[key_id] += times
