"""Write what reports say into views.db: every configuration and every key once."""

import sqlite3
from array import array
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, ParamSpec

import orjson

from transforms.sql import statement
from vocabulary.catalogue import Catalogue
from vocabulary.keys import Key, Naming
from vocabulary.reading import Reading, keys_of, read
from vocabulary.versions import UNKNOWN

P = ParamSpec("P")
_CACHED_PARTS = 65536  # parts of each kind


class Configurations:
    """The ids of the keys that views.db holds, in memory from batch to batch."""

    def __init__(self, connection: sqlite3.Connection, catalogue: Catalogue) -> None:
        self._connection = connection
        self.catalogue = catalogue
        self._cached_ids = _CachedIds(Naming(catalogue), self._find_id)
        self.names: dict[int, Key] = {}
        self.uncommon: set[int] = set()  # neither known nor common
        self._ids: dict[tuple[str, str, str], int] = {}
        for key_id, *key, is_common in connection.execute("select * from keys order by key_id"):
            self._note(key_id, Key._make(key), is_common)
        self._next_id = max(self.names, default=0) + 1  # an erasure leaves gaps
        self._new_keys: list[tuple[object, ...]] = []

    def id_of(self, mart: str, name: str) -> int:
        """Return the id of a key that is a word of ours.  In the caller's transaction."""
        key_id = self._find_id(Key(mart, "", name, is_publishable=True, is_known=True))
        self._write_keys()
        return key_id

    def kind_of_field(self, key: str) -> str:
        """Return what the register says of a further key: number, word or words."""
        return self.catalogue.fields[key].kind

    def note_common(self, key_ids: Iterable[int]) -> None:
        """Take notice that these names were reported from k networks."""
        self.uncommon.difference_update(key_ids)

    def write_new(self) -> None:
        """Read each configuration of the batch that is new and write what it says.  In the caller's transaction."""
        last = self._connection.execute("select coalesce(max(configuration_id), 0) from configurations").fetchone()[0]
        unread = self._connection.execute(statement("database/staging/unread_configurations"))
        while some := unread.fetchmany(5000):
            self._write(list(enumerate(some, last + 1)))
            last += len(some)

    def _write(self, configurations: list[tuple[int, tuple[bytes, str]]]) -> None:
        said: list[tuple[object, ...]] = []
        keys: list[tuple[int, bytes, bytes]] = []
        uncommon: list[tuple[int, int]] = []
        for configuration_id, (digest, body) in configurations:
            reading = _read(body)
            said.append((configuration_id, digest, *_as_row(reading)))
            first, more = self._keys_of(reading)
            keys.append((configuration_id, first.tobytes(), more.tobytes()))
            if not self.uncommon.isdisjoint(first):
                uncommon += [(configuration_id, key_id) for key_id in first if key_id in self.uncommon]
        self._write_keys()
        self._connection.executemany("insert into configurations values (?, ?, ?, ?, ?, ?, ?, ?)", said)
        self._connection.executemany("insert into configuration_keys values (?, ?, ?)", keys)
        self._connection.executemany("insert into uncommon_keys values (?, ?)", uncommon)

    def _write_keys(self) -> None:
        self._connection.executemany("insert into keys values (?, ?, ?, ?, ?, ?, 0)", self._new_keys)
        self._new_keys.clear()

    def _keys_of(self, reading: Reading) -> "tuple[array[int], array[int]]":
        """Return the ids of what a report counts under, and again those of its further parts."""
        key_ids = keys_of(reading, self._cached_ids)
        first = dict.fromkeys(key_ids)
        more = array("I")
        if len(first) < len(key_ids):
            seen: set[int] = set()
            more.extend(one for one in key_ids if one in seen or seen.add(one))  # type: ignore[func-returns-value]
        return array("I", first), more

    def _find_id(self, key: Key) -> int:
        key_id = self._ids.get(key[:3])
        if key_id is None:
            key_id = self._next_id
            self._next_id += 1
            self._note(key_id, key, is_common=False)
            self._new_keys.append((key_id, *key))
        return key_id

    def _note(self, key_id: int, key: Key, is_common: bool) -> None:
        self._ids[key[:3]] = key_id
        self.names[key_id] = key
        if not (key.is_known or is_common):
            self.uncommon.add(key_id)


class _CachedIds:
    """The ids of each part of a report.  Reports repeat their parts, so the ids of each are cached."""

    def __init__(self, naming: Naming, find_id: Callable[[Key], int]) -> None:
        def cached(keys_of_part: Callable[P, Iterable[Key]]) -> Callable[P, tuple[int, ...]]:
            @lru_cache(_CACHED_PARTS)
            def ids(*part: P.args, **_: P.kwargs) -> tuple[int, ...]:
                return tuple(map(find_id, keys_of_part(*part)))  # type: ignore[call-arg]  # nor has it others

            return ids  # type: ignore[return-value]  # a cached function takes the same arguments

        self.core = cached(naming.core)
        self.plugin = cached(naming.plugin)
        self.proxy = cached(naming.proxy)
        self.compute_resource = cached(naming.compute_resource)
        self.size = cached(naming.size)
        self.fact = cached(naming.fact)
        self.stands_for = naming.stands_for
        self.set_aside = cached(naming.set_aside)


def _read(body: str) -> Reading:
    """Read a report; one that the receiver would have refused is set aside whole."""
    try:
        report: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        report = None
    if not (isinstance(report, dict) and isinstance(report.get("core_version"), str)):
        return Reading(UNKNOWN, set_aside=[("", "not a report")])
    return read(report)


def _as_row(reading: Reading) -> tuple[str, ...]:
    lists = (reading.plugins, reading.proxies, reading.compute_resources, reading.extra_facts, reading.set_aside)
    return (reading.core_version, *(orjson.dumps(entries).decode() for entries in lists))
