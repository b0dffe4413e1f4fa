"""One file that a link has named, with its connections, for as long as a request reads it."""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from dashboard.snapshot.bounds import begin_result
from dashboard.snapshot.contents import Contents
from dashboard.snapshot.earlier_week import EarlierWeek

PIECE_BYTES = 1 << 20
T = TypeVar("T")


class Identity(NamedTuple):
    """Tells one file from the next, also where the next has the same name."""

    device: int
    inode: int
    changed_ns: int


class SnapshotClosedError(RuntimeError):
    """A query began after its request had ended."""


class Snapshot:
    """One file, with as many connections as Datasette has threads, opened at once; and as many for earlier weeks.

    The publisher may delete the file while requests still read it; open connections do not mind.
    """

    def __init__(
        self,
        file: Path,
        identity: Identity | None,
        connections: list[sqlite3.Connection],
        contents: Contents,
        earlier: list[EarlierWeek],
    ) -> None:
        self.file = file
        self.identity = identity
        self._bytes = file.open("rb") if identity else None
        self.contents = contents
        self.cached: dict[tuple[str, str], Any] = {}  # what is the same as long as the file is, by name and week
        self._idle = connections
        self._earlier = earlier
        self._users = 0
        self._is_retired = False
        self._is_closed = False
        self._lock = threading.Lock()
        self._sha256 = ""
        self._hashing = threading.Lock()

    @contextmanager
    def held(self) -> Iterator[None]:
        with self._lock:
            if self._is_closed:
                raise SnapshotClosedError(self.file)
            self._users += 1
        try:
            yield
        finally:
            with self._lock:
                self._users -= 1
                self._close_if_unused()

    def retire(self) -> None:
        """Close the connections, at once or when the last request that reads here has ended."""
        with self._lock:
            self._is_retired = True
            self._close_if_unused()

    def status(self) -> os.stat_result | None:
        """Size and times of the file; None where there is none."""
        return os.fstat(self._bytes.fileno()) if self._bytes else None

    def read(self, offset: int, count: int) -> bytes:
        """Of the file itself."""
        return os.pread(self._bytes.fileno(), count, offset) if self._bytes else b""

    def sha256(self) -> str:
        """Of the whole file, in hexadecimal digits; it is read through once."""
        with self._hashing:
            if not self._sha256:
                digest, offset = sha256(), 0
                while piece := self.read(offset, PIECE_BYTES):
                    digest.update(piece)
                    offset += len(piece)
                self._sha256 = digest.hexdigest()
            return self._sha256

    def run(self, fn: Callable[[sqlite3.Connection], T], week: str = "") -> T:
        """Called in one of Datasette's threads; there are no more threads than connections of either sort.

        `week`: an earlier one, as far as which the tables go.
        """
        with self.held():
            return self._run_until(fn, week) if week else self._run(fn)

    def _run(self, fn: Callable[[sqlite3.Connection], T]) -> T:
        connection = self._idle.pop()
        begin_result(connection)
        try:
            return fn(connection)
        finally:
            self._idle.append(connection)

    def _run_until(self, fn: Callable[[sqlite3.Connection], T], week: str) -> T:
        earlier = self._earlier.pop()
        earlier.week = week
        try:
            return fn(earlier.connection)
        finally:
            self._earlier.append(earlier)

    def _close_if_unused(self) -> None:
        if self._is_retired and not self._users and not self._is_closed:
            self._is_closed = True
            for connection in (*self._idle, *(earlier.connection for earlier in self._earlier)):
                connection.close()
            if self._bytes:
                self._bytes.close()
