"""The groups of a week: how many installations count under each key, by mart and parent."""

import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Collection, Mapping
from itertools import chain, islice

from transforms.database.configurations import Configurations
from transforms.sql import statement

Group = tuple[str, str]  # mart, parent
_FEW = 50_000  # keys that may be in a set, with which most installations are passed over quickly
UNNAMED = 0  # stands in a group for all keys whose names may not be shown


class WeekGroups:
    """All groups of a week, before anything is hidden.

    Names that may not be shown are not held: anybody can make up as many as they like.
    """

    def __init__(self, connection: sqlite3.Connection, configurations: Configurations, established: int) -> None:
        self.established = established
        self.sizes: defaultdict[Group, dict[int, int]] = defaultdict(dict)  # installations by key_id; UNNAMED: the sum
        self._configurations = configurations
        self._names: dict[int, str] = {UNNAMED: ""}
        self._parts: dict[int, int] = {}
        self._names_nobody: set[int] = set()
        self._numbers: dict[Group, int] = {}
        self._read(connection)
        self._came = {self._names[one]: size for one, size in self.sizes["quarters_established", ""].items()}

    def _read(self, connection: sqlite3.Connection) -> None:
        last = connection.execute("select coalesce(max(key_id), 0) from cells").fetchone()[0]
        self._unnamed_in = array("I", bytes(4 * (last + 1)))  # by key_id: the number of its group, from 1
        cells = connection.execute(statement("weeks/sql/standing_cells"))
        for key_id, mart, parent, name, names_nobody, installations, parts in cells:
            sizes = self.sizes[mart, parent]
            if name is None:
                sizes[UNNAMED] = sizes.get(UNNAMED, 0) + installations
                self._unnamed_in[key_id] = self._number((mart, parent))
                continue
            sizes[key_id] = installations
            self._names[key_id] = name
            self._parts[key_id] = installations + parts
            if names_nobody:
                self._names_nobody.add(key_id)

    def _number(self, group: Group) -> int:
        return self._numbers.setdefault(group, len(self._numbers) + 1)

    def name(self, key_id: int) -> str:
        return self._names[key_id]

    def names_nobody(self, key_id: int) -> bool:
        """Return whether a name is safe to show: of safe characters, and known or reported from k networks."""
        return key_id in self._names_nobody

    def has_one_value_each(self, field: str) -> bool:
        """Return whether a report says only one value of this further key."""
        return self._configurations.kind_of_field(field) != "words"

    def came(self, quarter: int) -> int:
        """Return how many of those first seen in a quarter have ever counted."""
        return self._came.get(self._names[quarter], 0)

    def parts(self, key_id: int) -> int:
        """Return how many proxies or compute resources count under a named key; elsewhere, how many installations."""
        return self._parts[key_id]

    def count_together(
        self, connection: sqlite3.Connection, groups: Mapping[Group, Collection[int]]
    ) -> dict[Group, tuple[int, int]]:
        """Count the installations with any of these keys of a group, each once, and their parts."""
        number_of = array("I", self._unnamed_in)
        for group, key_ids in groups.items():
            for key_id in key_ids:
                if key_id != UNNAMED:
                    number_of[key_id] = self._number(group)
        counted = {group: self._number(group) for group in groups}
        few = set(islice((key_id for key_id, number in enumerate(number_of) if number), _FEW))
        installations, parts = [0] * (len(self._numbers) + 1), [0] * (len(self._numbers) + 1)
        for packed, more_parts in connection.execute(statement("weeks/sql/standing_keys")):
            keys = array("I", packed)
            if len(few) < _FEW and few.isdisjoint(keys):
                continue
            numbers = list(filter(None, map(number_of.__getitem__, keys)))
            for number in set(numbers):
                installations[number] += 1
            for number in chain(numbers, map(number_of.__getitem__, array("I", more_parts))):
                parts[number] += 1  # those of no group are at 0
        return {group: (installations[number], parts[number]) for group, number in counted.items()}
