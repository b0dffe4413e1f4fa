"""The gaps in seq that recorded purges leave: what may be missing from the log, and no longer counts."""

import sqlite3
from bisect import bisect_right
from collections.abc import Iterable, Iterator

_SELECT = "select first_seq, last_seq from gaps order by first_seq"


class Gaps:
    """Ranges of seq that do not overlap."""

    def __init__(self, ranges: Iterable[tuple[int, int]] = ()) -> None:
        self._ranges = sorted(ranges)
        self._firsts = [first for first, _ in self._ranges]

    @classmethod
    def read(cls, connection: sqlite3.Connection) -> "Gaps":
        """Return what is recorded in the log, which may be older than purges.  Raise sqlite3.Error."""
        if connection.execute("select 1 from sqlite_schema where name = 'gaps'").fetchone() is None:
            return cls()
        return cls(connection.execute(_SELECT))

    @property
    def last_seq(self) -> int:
        return self._ranges[-1][1] if self._ranges else 0

    def __contains__(self, seq: int) -> bool:
        place = bisect_right(self._firsts, seq) - 1
        return place >= 0 and seq <= self._ranges[place][1]

    def outside(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """Yield the ranges between `first` and `last`, both included, that no gap covers."""
        place = max(0, bisect_right(self._firsts, first) - 1)
        while first <= last and place < len(self._ranges):
            gap_first, gap_last = self._ranges[place]
            if gap_first > last:
                break
            if gap_first > first:
                yield first, gap_first - 1
            first = max(first, gap_last + 1)
            place += 1
        if first <= last:
            yield first, last


def ranges_of(seqs: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield the ranges that `seqs` form."""
    first = last = 0
    for seq in sorted(seqs):
        if first and seq == last + 1:
            last = seq
            continue
        if first:
            yield first, last
        first = last = seq
    if first:
        yield first, last
