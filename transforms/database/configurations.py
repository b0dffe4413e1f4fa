"""Write what reports say into views.db: every configuration once, and the keys that it counts under."""

import sqlite3
from array import array
from typing import Any

import orjson

from transforms.database.key_ids import KeyIds
from transforms.database.leftovers import drop_leftovers
from transforms.database.new_names import TOO_MANY_NEW_NAMES, AllowanceUsedUpError, NewNames
from transforms.database.part_ids import PartIds
from transforms.sql import statement
from vocabulary.catalogue import Catalogue
from vocabulary.keys import Key, Naming
from vocabulary.reading import Reading, keys_of, read
from vocabulary.versions import UNKNOWN

_CACHED_PARTS = 32_768  # of each kind
_BYTES_AT_ONCE = 4_000_000  # of reports whose rows wait to be written


class Configurations:
    """The configurations and keys of views.db."""

    def __init__(self, connection: sqlite3.Connection, catalogue: Catalogue) -> None:
        self._connection = connection
        self.catalogue = catalogue
        self._new_names = NewNames(connection)
        self.key_ids = KeyIds(connection, self._new_names)
        self._ids = PartIds(Naming(catalogue), self.key_ids.find, _CACHED_PARTS)
        self._folded_ids = PartIds(
            Naming(catalogue), self.key_ids.find_or_fold, 0
        )  # of this report alone: never cached

    def id_of(self, mart: str, name: str) -> int:
        """Return the id of a key that is a word of ours.  In the caller's transaction."""
        return self.key_ids.find(Key(mart, "", name, is_publishable=True, is_known=True))

    def end_week(self) -> None:
        """Forget what only the week needed, and what nothing refers to any more.  In the caller's transaction."""
        self._new_names.begin_week()
        if drop_leftovers(self._connection):
            self.key_ids.forget()
            self._ids.forget()

    def write_new(self) -> None:
        """Read each configuration of the batch that is new and write what it says.  In the caller's transaction."""
        last = self._connection.execute("select coalesce(max(configuration_id), 0) from configurations").fetchone()[0]
        self._connection.execute("delete from unread")
        self._connection.execute(statement("database/staging/unread_configurations"))
        unread = self._connection.execute(statement("database/staging/unread_reports"))
        rows = _Rows([], [])
        size = 0
        for configuration_id, (digest, body, network_tag) in enumerate(unread, last + 1):
            self._read_one(configuration_id, digest, body, network_tag, rows)
            size += len(body)
            if size > _BYTES_AT_ONCE:
                rows.write(self._connection)
                size = 0
        rows.write(self._connection)

    def _read_one(
        self, configuration_id: int, digest: bytes, body: str, network_tag: bytes | None, rows: "_Rows"
    ) -> None:
        reading = self._read(body)
        self._new_names.begin_report(network_tag)
        try:
            key_ids = keys_of(reading, self._ids)
        except AllowanceUsedUpError:
            reading.set_aside.append(("", TOO_MANY_NEW_NAMES))
            key_ids = keys_of(reading, self._folded_ids)
        packed = array("I", dict.fromkeys(key_ids))
        rows.said.append((configuration_id, digest, *_as_row(reading)))
        rows.keys.append((configuration_id, packed.tobytes()))

    def _read(self, body: str) -> Reading:
        """Read a report; one that the receiver would have refused is set aside whole."""
        try:
            report: Any = orjson.loads(body)
        except orjson.JSONDecodeError:
            report = None
        if not (isinstance(report, dict) and isinstance(report.get("core_version"), str)):
            return Reading(UNKNOWN, set_aside=[("", "not a report")])
        return read(report, self.catalogue)


class _Rows:
    """Rows that wait to be written."""

    def __init__(self, said: list[tuple[object, ...]], keys: list[tuple[int, bytes]]) -> None:
        self.said, self.keys = said, keys

    def write(self, connection: sqlite3.Connection) -> None:
        connection.executemany("insert into configurations values (?, ?, ?, ?, ?, ?, ?, ?)", self.said)
        connection.executemany("insert into configuration_keys values (?, ?)", self.keys)
        self.said.clear()
        self.keys.clear()


def _as_row(reading: Reading) -> tuple[str, ...]:
    lists = (reading.plugins, reading.proxies, reading.compute_resources, reading.extra_facts, reading.set_aside)
    return (reading.core_version, *(orjson.dumps(entries).decode() for entries in lists))
