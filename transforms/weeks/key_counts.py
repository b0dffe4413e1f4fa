"""How many installations stand under each key at the end of a week: those of the week before, and what changed."""

import sqlite3
from array import array
from collections import Counter

from transforms.database.configurations import Configurations
from transforms.sql import statement


class KeyCounts:
    """The cells of the last counted week, in memory and in views.db."""

    def __init__(self, connection: sqlite3.Connection, configurations: Configurations) -> None:
        self._connection = connection
        self._configurations = configurations
        self.installations: Counter[int] = Counter()
        self.parts: Counter[int] = Counter()  # proxies or compute resources beyond the first of each installation
        for key_id, installations, parts in connection.execute("select * from cells"):
            self.installations[key_id], self.parts[key_id] = installations, parts

    def move_to(self, week: dict[str, object]) -> None:
        """Take the changes of a week; `week` holds the parameters of its statements.  In the caller's transaction."""
        execute = self._connection.execute
        execute(statement("weeks/sql/established"), week)
        execute("delete from changes")
        execute(statement("weeks/sql/changes"), week)
        changed: set[int] = set()
        for keys, more_parts, installations in execute(statement("weeks/sql/changed_keys")):
            changed.update(_add(self.installations, keys, installations))
            changed.update(_add(self.parts, more_parts, installations))
        for quarter, installations, new in execute(statement("weeks/sql/changed_quarters"), week).fetchall():
            for mart, more in (("quarters", installations), ("quarters_established", new)):
                key_id = self._configurations.id_of(mart, quarter)
                self.installations[key_id] += more
                changed.add(key_id)
        execute(statement("weeks/sql/counted"))
        self._connection.executemany(
            "insert or replace into cells values (?, ?, ?)",
            ((key_id, self.installations[key_id], self.parts[key_id]) for key_id in changed),
        )

    def find_common(self, min_group: int) -> None:
        """Note which names were reported from k networks."""
        candidates = [
            key_id
            for key_id in self._configurations.uncommon
            if self.installations[key_id] >= min_group and self._configurations.names[key_id].is_publishable
        ]
        if candidates:
            networks = dict(self._connection.execute(statement("weeks/sql/networks")))
            common = [key_id for key_id in candidates if networks.get(key_id, 0) >= min_group]
            self._configurations.note_common(common)
            self._connection.executemany("update keys set is_common = 1 where key_id = ?", ((one,) for one in common))


def _add(counts: Counter[int], packed: bytes, times: int) -> "array[int]":
    keys = array("I", packed)
    if times == 1:
        counts.update(keys)
    else:
        for key_id in keys:
            counts[key_id] += times
    return keys
