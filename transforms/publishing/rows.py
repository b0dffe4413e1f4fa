"""The latest-per-uuid tables without a uuid, for a community that agreed to publish them (`POPCON_PUBLISH_ROWS`)."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from random import Random

from transforms.sql import statement
from vocabulary.catalogue import Catalogue
from vocabulary.keys import Key, Naming
from vocabulary.versions import OTHER, UNKNOWN

_STANDING = """
select c.core_version, c.proxies, c.plugins, c.compute_resources
from views.installations as i
inner join views.configurations as c on i.counted_as = c.configuration_id
"""
_INSERTS = {
    "uploads": "insert into uploads values (?, ?)",
    "proxies": "insert into proxies values (?, ?, ?, ?)",
    "plugins": "insert into plugins values (?, ?, ?, ?)",
    "compute_resources": "insert into compute_resources values (?, ?, ?)",
}


def write_rows(draft: sqlite3.Connection, random: Random, catalogue: Catalogue) -> None:
    """Make the four tables in the draft, which has views.db attached as `views`.  In the caller's transaction.

    Who counted at the end of the last counted week is in; order and ids are drawn from `random`.
    """
    for create in statement("publishing/rows").split(";")[:-1]:
        draft.execute(create)
    select = "select mart, parent, name from views.keys where is_publishable and (is_known or is_plain)"
    said = _Said(Naming(catalogue), frozenset(draft.execute(select)))
    standing = draft.execute(_STANDING).fetchall()
    random.shuffle(standing)
    ids = _ids(random)
    rows: dict[str, list[tuple[object, ...]]] = {"uploads": [], "proxies": [], "plugins": [], "compute_resources": []}
    for core_version, proxies, plugins, resources in standing:
        upload = next(ids)
        rows["uploads"].append((upload, said.core(core_version)))
        rows["proxies"] += [(next(ids), upload, *said.proxy(*proxy)) for proxy in json.loads(proxies)]
        rows["plugins"] += [(next(ids), upload, *said.plugin(*plugin)) for plugin in json.loads(plugins)]
        rows["compute_resources"] += [(next(ids), upload, said.compute_resource(one)) for one in json.loads(resources)]
    for table, of_table in rows.items():
        random.shuffle(of_table)
        draft.executemany(_INSERTS[table], of_table)


class _Said:
    """What a report says, under the names that may be shown."""

    def __init__(self, naming: Naming, shown: frozenset[tuple[str, str, str]]) -> None:
        self._naming = naming
        self._shown = shown

    def core(self, version: str) -> str:
        return self._names(self._naming.core(version))[0]

    def proxy(self, version: str | None, features: list[str]) -> tuple[str, str]:
        keys = self._naming.proxy(version, tuple(features), UNKNOWN)
        names = self._names(key for key in keys if key.mart != "proxy_skew")
        return names[0], json.dumps(sorted(set(names[1:])))

    def plugin(self, name: str, version: str | None) -> tuple[str, str]:
        shown, shown_version = self._names(self._naming.plugin(name, version))
        return shown, OTHER if shown == OTHER else shown_version

    def compute_resource(self, spelling: str) -> str:
        return self._names(self._naming.compute_resource(spelling))[0]

    def _names(self, keys: Iterable[Key]) -> list[str]:
        return [key.name if key[:3] in self._shown else OTHER for key in keys]


def _ids(random: Random) -> Iterator[int]:
    """Yield different whole numbers that tell no order."""
    taken: set[int] = set()
    while True:
        drawn = random.getrandbits(52)
        if drawn not in taken:
            taken.add(drawn)
            yield drawn
