"""A database behind a link: each request sees one file from beginning to end, and a new file without a restart.

Datasette keeps its connections by database *name*, for ever: it would serve a replaced file's old inode without
a word.  So connections belong to a `Snapshot` here, one for each file that the link has named.
"""

import asyncio
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from datasette.database import Database  # type: ignore[import-untyped]  # Datasette ships no types

from dashboard.snapshot.bounds import bound_queries
from dashboard.snapshot.contents import Contents, read_contents, row_counts
from dashboard.snapshot.earlier_week import EarlierWeek
from dashboard.snapshot.snapshot import Identity, Snapshot
from files import open_read_only

T = TypeVar("T")
_pin: ContextVar[Snapshot | None] = ContextVar("pinned snapshot", default=None)
_week: ContextVar[str] = ContextVar("week that was asked for", default="")


class LinkedDatabase(Database):  # type: ignore[misc]  # Datasette ships no types
    """What the link names now.  A file that is not there yet is an empty database."""

    def __init__(self, ds: Any, link: Path, *, is_mutable: bool) -> None:
        super().__init__(ds, path=str(link), is_mutable=is_mutable)
        self.link = link
        self._current = self._open(None)

    @contextmanager
    def pinned(self) -> Iterator[Snapshot]:
        """The snapshot of this request; inside a request always the same.  Only on the event loop's thread."""
        pinned = _pin.get()
        if pinned is not None:
            yield pinned
            return
        snapshot = self._follow()
        with snapshot.held():
            token = _pin.set(snapshot)
            try:
                yield snapshot
            finally:
                _pin.reset(token)

    @contextmanager
    def until(self, week: str) -> Iterator[None]:
        """See everything as far as that week, one of the snapshot; with '' as far as the latest."""
        token = _week.set(week)
        try:
            yield
        finally:
            _week.reset(token)

    @property
    def week(self) -> str:
        """The one that was asked for, or ''."""
        return _week.get()

    @property
    def earlier_week(self) -> str:
        """The one that was asked for, unless it is the latest."""
        with self.pinned() as snapshot:
            return "" if self.week == str(snapshot.contents.last_week) else self.week

    @property
    def contents(self) -> Contents:
        week = self.earlier_week
        with self.pinned() as snapshot:
            return snapshot.contents.until(week) if week else snapshot.contents

    async def execute(self, *arguments: Any, **options: Any) -> Any:
        """As Datasette does it, but without printing a query that fails: its parameters may be a uuid."""
        return await super().execute(*arguments, **{**options, "log_sql_errors": False})

    async def execute_fn(self, fn: Callable[[sqlite3.Connection], T]) -> T:
        week = self.earlier_week
        with self.pinned() as snapshot:
            return await asyncio.get_running_loop().run_in_executor(self.ds.executor, snapshot.run, fn, week)

    async def primary_keys(self, table: str) -> Any:
        """Also where an earlier week is shown: its views have none."""
        with self.until(""):
            return await super().primary_keys(table)

    async def table_columns(self, table: str) -> Any:
        with self.until(""):
            return await super().table_columns(table)

    async def table_column_details(self, table: str) -> Any:
        with self.until(""):
            return await super().table_column_details(table)

    async def table_counts(self, limit: int = 10) -> dict[str, int | None]:
        """Exact where the file is immutable; else as Datasette does it."""
        if self.is_mutable:
            counts: dict[str, int | None] = await super().table_counts(limit)
            return counts
        contents = self.contents
        return dict(contents.row_counts or await self.execute_fn(partial(row_counts, tables=list(contents.columns))))

    @property
    def hash(self) -> None:
        """Datasette would read the whole file for this; nobody here asks for it."""
        return

    @property
    def size(self) -> int:
        with self.pinned() as snapshot:
            status = snapshot.status()
            return status.st_size if status else 0

    def close(self) -> None:
        self._current.retire()

    def _follow(self) -> Snapshot:
        identity = self._identity()
        if identity != self._current.identity:
            try:
                opened = self._open(identity)
            except (OSError, sqlite3.Error) as error:
                print(f"{self.link} cannot be read: {error}. Still serving the previous one.", file=sys.stderr)  # noqa: T201 - the server's only log
                return self._current
            self._current.retire()
            self._current = opened
        return self._current

    def _identity(self) -> Identity | None:
        try:
            status = self.link.stat()
        except FileNotFoundError:
            return None
        return Identity(status.st_dev, status.st_ino, 0 if self.is_mutable else status.st_mtime_ns)

    def _open(self, identity: Identity | None) -> Snapshot:
        file = self.link.resolve()
        count = _threads(self.ds)
        connections = [
            self._connect(file if identity else None) for _ in range(count if self.is_mutable else 2 * count)
        ]
        try:
            for connection in connections:
                self.ds._prepare_connection(connection, self.name)  # noqa: SLF001 - as Database.execute_fn does it
                connection.execute("select count(*) from sqlite_master").fetchone()
            contents = read_contents(connections[0])
            if self.is_mutable:
                for connection in connections:
                    bound_queries(connection)
            earlier = [EarlierWeek(connection) for connection in connections[count:]]
            return Snapshot(file, identity, connections[:count], contents, earlier)
        except (OSError, sqlite3.Error):
            for connection in connections:
                connection.close()
            raise

    def _connect(self, file: Path | None) -> sqlite3.Connection:
        if file is None:
            return sqlite3.connect(":memory:", check_same_thread=False)
        return open_read_only(file, is_immutable=not self.is_mutable, check_same_thread=False)


def _threads(ds: Any) -> int:
    return int(ds.setting("num_sql_threads"))
