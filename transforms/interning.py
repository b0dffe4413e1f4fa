"""Write what reports say into views.db, every distinct string and key once."""

import json
import sqlite3
from collections.abc import Iterable

from transforms.catalogue import Catalogue
from transforms.reading import Key, Reading, counted_as, read

_ROWS = {
    "configuration_plugins": "insert into configuration_plugins values (?, ?, ?, ?)",
    "configuration_proxies": "insert into configuration_proxies values (?, ?, ?, ?)",
    "configuration_compute_resources": "insert into configuration_compute_resources values (?, ?, ?)",
    "configuration_facts": "insert into configuration_facts values (?, ?, ?, ?)",
    "configuration_set_aside": "insert into configuration_set_aside values (?, ?, ?)",
    "configuration_keys": "insert into configuration_keys values (?, ?, ?)",
    "core_version": "update configurations set core_version = ? where configuration_id = ?",
}


class Interning:
    """The ids of strings and keys that views.db holds, kept in memory from batch to batch."""

    def __init__(self, connection: sqlite3.Connection, catalogue: Catalogue) -> None:
        self._connection = connection
        self._catalogue = catalogue
        self._texts: dict[str, int] = dict(connection.execute("select text, text_id from texts"))
        self._keys: dict[Key, int] = {
            Key(mart, parent, name, bool(is_publishable), bool(is_known)): key_id
            for key_id, mart, parent, name, is_publishable, is_known in connection.execute("select * from keys")
        }

    def write(self, configurations: Iterable[tuple[int, str]]) -> None:
        """Read each (configuration_id, body) and write what it says.  Runs in the caller's transaction."""
        rows: dict[str, list[tuple[object, ...]]] = {table: [] for table in _ROWS}
        for configuration_id, body in configurations:
            reading = read(json.loads(body))
            self._add_reading(configuration_id, reading, rows)
            rows["configuration_keys"].extend(
                (configuration_id, self._key(key), parts) for key, parts in counted_as(reading, self._catalogue).items()
            )
        for table, insert in _ROWS.items():
            self._connection.executemany(insert, rows[table])

    def _add_reading(self, configuration_id: int, reading: Reading, rows: dict[str, list[tuple[object, ...]]]) -> None:
        text = self._text
        rows["core_version"].append((text(reading.core_version), configuration_id))
        rows["configuration_plugins"].extend(
            (configuration_id, position, text(name), None if version is None else text(version))
            for position, (name, version) in enumerate(reading.plugins)
        )
        rows["configuration_proxies"].extend(
            (configuration_id, position, None if version is None else text(version), text(json.dumps(features)))
            for position, (version, features) in enumerate(reading.proxies)
        )
        rows["configuration_compute_resources"].extend(
            (configuration_id, position, text(type_)) for position, type_ in enumerate(reading.compute_resources)
        )
        rows["configuration_facts"].extend(
            (configuration_id, text(key), value, type_) for key, value, type_ in reading.extra_facts
        )
        rows["configuration_set_aside"].extend(
            (configuration_id, text(place), text(reason)) for place, reason in reading.set_aside
        )

    def _text(self, text: str) -> int:
        text_id = self._texts.get(text)
        if text_id is None:
            text_id = self._texts[text] = len(self._texts) + 1
            self._connection.execute("insert into texts values (?, ?)", (text_id, text))
        return text_id

    def _key(self, key: Key) -> int:
        key_id = self._keys.get(key)
        if key_id is None:
            key_id = self._keys[key] = len(self._keys) + 1
            self._connection.execute(
                "insert into keys values (?, ?, ?, ?, ?, ?)",
                (key_id, key.mart, key.parent, key.name, key.is_publishable, key.is_known),
            )
        return key_id
