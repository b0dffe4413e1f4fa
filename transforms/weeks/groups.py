"""The groups of a week: how many installations count under each name, by mart and parent."""

import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Collection, Mapping
from itertools import islice

from transforms.sql import statement
from transforms.weeks.noise import Count

Group = tuple[str, str]  # mart, parent
_FEW = 50_000  # keys that may be in a set, with which most installations are passed over quickly
UNNAMED = ""  # stands in a group for all names that may not be shown


class WeekGroups:
    """All groups of a week, before anything is hidden.

    Names that may not be shown are not held: anybody can make up as many as they like.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.counts: defaultdict[Group, dict[str, Count]] = defaultdict(dict)  # by name; UNNAMED: the sum
        self._connection = connection
        self._key_ids: dict[tuple[Group, str], int] = {}
        self._may_be_shown: set[tuple[Group, str]] = set()
        self._numbers: dict[Group, int] = {}
        self._read()

    def may_be_shown(self, group: Group, name: str) -> bool:
        """Return whether a name is safe to show: of safe characters, and known or listed."""
        return (group, name) in self._may_be_shown

    def count_together(self, groups: Mapping[Group, Collection[str]]) -> dict[Group, Count]:
        """Count the installations with any of these names of a group, each once."""
        number_of = array("I", self._unnamed_in)
        for group, names in groups.items():
            for name in names:
                if key_id := self._key_ids.get((group, name)):  # else UNNAMED, or nobody has it any more
                    number_of[key_id] = self._number(group)
        counted = {group: self._number(group) for group in groups}
        few = set(islice((key_id for key_id, number in enumerate(number_of) if number), _FEW))
        installations, record_keys = [0] * (len(self._numbers) + 1), [0] * (len(self._numbers) + 1)
        for packed, record_key in self._connection.execute(statement("weeks/sql/standing_keys")):
            keys = array("I", packed)
            if len(few) < _FEW and few.isdisjoint(keys):
                continue
            for number in set(map(number_of.__getitem__, keys)):
                installations[number] += 1  # those of no group are at 0
                record_keys[number] += record_key
        return {group: Count(installations[number], record_keys[number]) for group, number in counted.items()}

    def _read(self) -> None:
        last = self._connection.execute("select coalesce(max(key_id), 0) from cells").fetchone()[0]
        self._unnamed_in = array("I", bytes(4 * (last + 1)))  # by key_id: the number of its group, from 1
        cells = self._connection.execute(statement("weeks/sql/standing_cells"))
        for key_id, mart, parent, name, may_be_shown, *count in cells:
            group = mart, parent
            counts = self.counts[group]
            if name is None:
                counts[UNNAMED] = counts.get(UNNAMED, Count()) + Count(*count)
                self._unnamed_in[key_id] = self._number(group)
                continue
            counts[name] = Count(*count)
            self._key_ids[group, name] = key_id
            if may_be_shown:
                self._may_be_shown.add((group, name))

    def _number(self, group: Group) -> int:
        return self._numbers.setdefault(group, len(self._numbers) + 1)
