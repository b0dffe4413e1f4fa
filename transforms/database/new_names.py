"""How many new names one network may add in a week: beyond that, its names count together, under one of ours."""

import sqlite3

from vocabulary.keys import Key

NEW_NAMES_A_NETWORK = 1_000  # keys that the catalogue does not know, of one network in one week
TOO_MANY_NEW_NAMES = "more new names than one network may add in one week"
MORE = "(more)"  # never shown: its characters are not safe
_TAKE = """
insert into new_names (network_tag, names) values (?, 1)
on conflict (network_tag) do update set names = names + 1 where names < ?
"""


class AllowanceUsedUpError(Exception):
    """The network of this report may add no more names this week."""


class NewNames:
    """What is left of the allowance of the network whose report is being read.  In the caller's transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._network_tag: bytes | None = None
        self._is_used_up = False

    def begin_report(self, network_tag: bytes | None) -> None:
        """Take notice whose names come next; without a tag, from loopback or an import, they are not limited."""
        self._network_tag, self._is_used_up = network_tag, False

    def begin_week(self) -> None:
        """Give every network its allowance again."""
        self._connection.execute("delete from new_names")

    def take(self) -> None:
        """Count a new name.  Raise AllowanceUsedUpError."""
        if self._network_tag is None:
            return
        if not self._is_used_up:
            taken = self._connection.execute(_TAKE, (self._network_tag, NEW_NAMES_A_NETWORK)).rowcount
            self._is_used_up = taken == 0
        if self._is_used_up:
            raise AllowanceUsedUpError


def folded(key: Key, *, is_parent_there: bool) -> Key:
    """Return the key under which one counts that may not be added, and its parent where that is not there either."""
    return Key(key.mart, key.parent if is_parent_there else MORE, MORE, is_publishable=False, is_known=False)
