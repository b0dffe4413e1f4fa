"""Names that the operator may want to make public: from enough networks, and in no list yet.

A company can have many networks, so this only suggests: a person has to look what the name is.
"""

import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from transforms.sql import statement
from vocabulary.catalogue import Catalogue
from vocabulary.names import can_be_listed

_SHOWN_MAX = 20
_KINDS = {  # how the list calls what is in each mart, and how a person does
    "plugins": ("plugin", "plugin"),
    "proxy_features": ("feature", "smart-proxy feature"),
    "compute_resources": ("compute_resource", "compute resource"),
    "core_versions": ("version", "version of Foreman"),
    "proxy_versions": ("version", "version of smart proxies"),
    "plugin_versions": ("version", "version of the plugin"),
}


class Unlisted(NamedTuple):
    """A name that could be listed."""

    networks: int  # the most of one week
    what: str  # in words
    kind: str  # as in the list
    name: str


def unlisted_names(connection: sqlite3.Connection, min_group: int, catalogue: Catalogue) -> list[Unlisted]:
    """Return unknown names of views.db that were reported from k networks or more, those of the most first.

    `catalogue` has the operator's list as it is now, which may say more than the last count knew.
    """
    keys = {
        key_id: (mart, parent, name)
        for key_id, mart, parent, name in connection.execute(statement("rules/unlisted/keys"), {"min_group": min_group})
        if can_be_listed(name)
    }
    if not keys:
        return []
    networks: defaultdict[tuple[int, str], set[int | bytes]] = defaultdict(set)
    for packed, week, network in connection.execute(statement("rules/unlisted/standing")):
        for key_id in keys.keys() & array("I", packed):
            networks[key_id, week].add(network)
    most: defaultdict[int, int] = defaultdict(int)
    for (key_id, _), found in networks.items():
        most[key_id] = max(most[key_id], len(found))
    every = [_described(*keys[key_id], count, catalogue) for key_id, count in most.items() if count >= min_group]
    unlisted = [one for one in every if (one.kind, one.name) not in catalogue.listed]
    return sorted(unlisted, key=lambda one: (-one.networks, one.what, one.name))[:_SHOWN_MAX]


def in_words(unlisted: list[Unlisted], path: Path) -> Iterator[str]:
    """Yield what to do about each, for the list at `path`."""
    for one in unlisted:
        yield f"{one.what} {one.name}: from {one.networks} networks in a week; in (other), because no list has the name"
        yield f"   to make the name public, add this line to {path}: {one.kind},{one.name}"
    if unlisted:
        yield (
            f"Names in {path.name} (its first line: kind,name) are public from the next edition on. List what is "
            "publicly known, not what only one organization has: that can have many networks."
        )


def _described(mart: str, parent: str, name: str, networks: int, catalogue: Catalogue) -> Unlisted:
    if mart == "facts":
        field = catalogue.fields.get(parent)
        kind = "version" if field and field.kind == "version" else parent
        return Unlisted(networks, parent, kind, name)
    kind, what = _KINDS[mart]
    return Unlisted(networks, f"{what} {parent}".rstrip(), kind, name)
