"""The ids of the keys.  They are looked up in views.db, so that memory does not grow with the names that come."""

import sqlite3
from collections.abc import Iterable
from functools import lru_cache

from transforms.database.new_names import AllowanceUsedUpError, NewNames, folded
from vocabulary.keys import Key

_CACHED_KEYS = 16_384
_FIND = "select key_id from keys where mart = ? and parent = ? and name = ?"


class KeyIds:
    """Finds the id of each key, and gives new ones.  In the caller's transaction.

    In memory are the keys that were used last, and a byte for each key.
    """

    def __init__(self, connection: sqlite3.Connection, new_names: NewNames) -> None:
        self._connection = connection
        self._new_names = new_names
        self.find = lru_cache(_CACHED_KEYS)(self._find)
        self.is_uncommon = bytearray()  # by key_id: 1 for what networks may still make common
        self.read_again()

    def read_again(self) -> None:
        """Read what memory holds of the keys, as when some were dropped."""
        self.find.cache_clear()
        last = self._connection.execute("select coalesce(max(key_id), 0) from keys").fetchone()[0]
        self.is_uncommon = bytearray(last + 1)
        uncommon = "select key_id from keys where is_publishable and not (is_known or is_common)"
        for (key_id,) in self._connection.execute(uncommon):
            self.is_uncommon[key_id] = 1

    def note_common(self, key_ids: Iterable[int]) -> None:
        """Take notice that these names were reported from k networks."""
        for key_id in key_ids:
            self._connection.execute("update keys set is_common = 1 where key_id = ?", (key_id,))
            self.is_uncommon[key_id] = 0

    def find_or_fold(self, key: Key) -> int:
        """Return the id of a key, or of the one that stands for all that its network may not add."""
        is_parent_there = key.mart != "plugin_versions" or self._stored(("plugins", "", key.parent)) is not None
        if is_parent_there:
            try:
                return self.find(key)
            except AllowanceUsedUpError:
                pass
        more = folded(key, is_parent_there=is_parent_there)
        return self._stored(more[:3]) or self._add(more)

    def _find(self, key: Key) -> int:
        """Return the id of a key, a new one where there is none.  Raise AllowanceUsedUpError: that is not cached."""
        if key_id := self._stored(key[:3]):
            return key_id
        if not key.is_known:
            self._new_names.take()
        return self._add(key)

    def _stored(self, key: tuple[str, str, str]) -> int | None:
        row = self._connection.execute(_FIND, key).fetchone()
        return None if row is None else int(row[0])

    def _add(self, key: Key) -> int:
        key_id = self._connection.execute("insert into keys values (null, ?, ?, ?, ?, ?, 0)", key).lastrowid
        assert key_id  # noqa: S101 - a row was inserted
        self.is_uncommon.extend(bytes(max(0, key_id + 1 - len(self.is_uncommon))))
        self.is_uncommon[key_id] = key.is_publishable and not key.is_known
        return key_id
