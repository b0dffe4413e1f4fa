"""The ids of the keys.  They are looked up in views.db, so that memory does not grow with the names that come."""

import sqlite3
from functools import lru_cache

from transforms.database.new_names import AllowanceUsedUpError, NewNames, folded
from vocabulary.keys import Key

_CACHED_KEYS = 16_384
_FIND = "select key_id from keys where mart = ? and parent = ? and name = ?"


class KeyIds:
    """Finds the id of each key, and gives new ones.  In the caller's transaction.

    In memory are the keys that were used last.
    """

    def __init__(self, connection: sqlite3.Connection, new_names: NewNames) -> None:
        self._connection = connection
        self._new_names = new_names
        self.find = lru_cache(_CACHED_KEYS)(self._find)

    def forget(self) -> None:
        """Look every key up again from now on, as when some were dropped."""
        self.find.cache_clear()

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
        key_id = self._connection.execute("insert into keys values (null, ?, ?, ?, ?, ?, ?)", key).lastrowid
        assert key_id  # noqa: S101 - a row was inserted
        return key_id
