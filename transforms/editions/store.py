"""editions.db: written, read and checked.  What was published once is never changed."""

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import astuple, fields
from pathlib import Path
from typing import NamedTuple

import orjson

from checksums import new_draft
from files import move_durably, open_read_only
from transforms.editions.edition import Edition, Header, Table, digest_of_all
from transforms.editions.mark import Mark, write_mark
from transforms.sql import statement

_COLUMNS = ", ".join(field.name for field in fields(Header))
HEADERS = f"select {_COLUMNS}, sha256, edition_id from editions order by edition_id"  # noqa: S608 - names of ours
_INSERT = f"insert into editions ({_COLUMNS}, sha256) values (?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - names of ours
_TABLES = "select table_name, column_names, row_values from edition_tables where edition_id = ? order by table_name"


class Stored(NamedTuple):
    """An edition in editions.db, without its rows."""

    edition_id: int
    header: Header
    sha256: str


class Editions:
    """The weeks that are published, and those that wait for it."""

    def __init__(self, path: Path | None) -> None:
        """Read which there are; without a file there are none.  Raise sqlite3.Error."""
        self._path = path
        self.waiting: list[Edition] = []
        self.stored: list[Stored] = []  # every revision, in the order of publication
        self._latest: dict[str, tuple[Header, int]] = {}  # by week, with edition_id; 0 for one that waits
        self._tables: dict[tuple[str, str], Table] = {}  # by week and name: what was asked for
        if path and path.exists():
            with closing(open_read_only(path)) as connection:
                for *header, sha256, edition_id in connection.execute(HEADERS):
                    self.stored.append(Stored(edition_id, Header(*header), sha256))
                    self._latest[header[0]] = Header(*header), edition_id

    @property
    def digests(self) -> list[str]:
        """Return the SHA-256 of every stored edition, in the order of publication."""
        return [one.sha256 for one in self.stored]

    @property
    def headers(self) -> dict[str, Header]:
        """Return the header of every week's latest revision."""
        return {week: header for week, (header, _) in self._latest.items()}

    @property
    def weeks(self) -> list[str]:
        """Return every week that is published or waits, in order."""
        return sorted(self._latest)

    def latest(self, week_start: str) -> Header | None:
        """Return the header of a week's latest revision, None where it is not published."""
        found = self._latest.get(week_start)
        return found[0] if found else None

    def add(self, edition: Edition) -> None:
        """Let an edition wait for `append`."""
        self.waiting.append(edition)
        self._latest[edition.header.week_start] = edition.header, 0
        self._tables = {key: table for key, table in self._tables.items() if key[0] != edition.header.week_start}

    def tables(self, week_start: str) -> dict[str, Table]:
        """Return the rows of a week's latest revision, by table."""
        _, edition_id = self._latest[week_start]
        if not edition_id:
            return next(one.tables for one in reversed(self.waiting) if one.header.week_start == week_start)
        return self.tables_of(edition_id)

    def tables_of(self, edition_id: int) -> dict[str, Table]:
        """Return the rows of a stored edition, by table."""
        assert self._path  # noqa: S101 - it was read from there
        with closing(open_read_only(self._path)) as connection:
            return read_tables(connection, edition_id)

    def table(self, week_start: str, name: str) -> Table:
        """Return the rows that one table has of a week, published or not."""
        if (week_start, name) not in self._tables:
            tables = self.tables(week_start) if week_start in self._latest else {}
            self._tables[week_start, name] = tables.get(name, Table((), ()))
        return self._tables[week_start, name]


def read_tables(connection: sqlite3.Connection, edition_id: int) -> dict[str, Table]:
    """Return the rows of one edition, by table."""
    return {
        name: Table(tuple(orjson.loads(columns)), tuple(map(tuple, orjson.loads(rows))))
        for name, columns, rows in connection.execute(_TABLES, (edition_id,))
    }


def create(path: Path, editions: Sequence[Edition]) -> None:
    """Make an editions.db that has these, in one step.  Raise OSError or sqlite3.Error: then there is none."""
    draft = new_draft(path)
    with closing(sqlite3.connect(draft, isolation_level=None)) as connection:
        connection.execute("begin immediate")
        for create_one in statement("editions/editions").split("\n\n"):
            connection.execute(create_one)
        _insert(connection, editions)
        connection.execute("commit")
    move_durably(draft, path)
    _move_mark(path)


def append(path: Path, editions: Sequence[Edition]) -> None:
    """Append editions so that they would survive a power cut.  Raise OSError or sqlite3.Error: then none is, or all."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, isolation_level=None)) as connection:
        # extra: after the journal is deleted, its folder is synced too
        connection.execute("pragma synchronous = extra")
        connection.execute("begin immediate")
        _insert(connection, editions)
        connection.execute("commit")
    _move_mark(path)


def _insert(connection: sqlite3.Connection, editions: Sequence[Edition]) -> None:
    for edition in editions:
        row = connection.execute(_INSERT, (*astuple(edition.header), edition.sha256))
        connection.executemany("insert into edition_tables values (?, ?, ?, ?)", _rows(row.lastrowid, edition))


def _move_mark(path: Path) -> None:
    digests = Editions(path).digests
    write_mark(path, Mark(len(digests), digest_of_all(digests)))


def _rows(edition_id: int | None, edition: Edition) -> Iterable[tuple[object, ...]]:
    for name, table in edition.tables.items():
        yield edition_id, name, orjson.dumps(table.columns).decode(), orjson.dumps(table.rows).decode()
