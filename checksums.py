"""A checksum inside a database that nothing can make again: SQLite does not notice a flipped bit in a value."""

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from files import move_durably, open_read_only

_NOT_DAMAGE = ("SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_IOERR", "SQLITE_BUSY", "SQLITE_READONLY", "SQLITE_FULL")
_TABLES = "select name, sql from {}.sqlite_schema where type = 'table' and name <> 'checksum' order by name"


class DamagedFileError(RuntimeError):
    """The content is not what was written; the message says what to do."""


class UnreadableFileError(RuntimeError):
    """The file may be whole, but cannot be read; the message says why."""


def write_checksum(connection: sqlite3.Connection, schema: str = "main") -> None:
    """Write the checksum of a database that will not be written to again.  In the caller's transaction."""
    connection.execute(f"drop table if exists {schema}.checksum")
    connection.execute(f"create table {schema}.checksum (sha256 blob not null)")
    connection.execute(f"insert into {schema}.checksum values (?)", (_digest(connection, schema),))  # noqa: S608 - ours


def has_checksum(connection: sqlite3.Connection) -> bool:
    return connection.execute("select 1 from sqlite_schema where name = 'checksum'").fetchone() is not None


def require_intact(path: Path, what_to_do: str) -> None:
    """Raise DamagedFileError unless the database says what was written into it, or UnreadableFileError."""
    try:
        with closing(open_read_only(path)) as connection:
            row = connection.execute("select sha256 from checksum").fetchone()
            is_intact = row is not None and row[0] == _digest(connection, "main")
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        raise unusable(path, error, what_to_do) from None
    if not is_intact:
        raise DamagedFileError(f"{path} is damaged: it does not say what was written into it. {what_to_do}")


@contextmanager
def rewritten(path: Path) -> Iterator[sqlite3.Connection]:
    """Yield a copy to change, which takes the place of the database at the end; no deleted byte is left in it."""
    draft = new_draft(path)
    with closing(open_read_only(path)) as connection:
        connection.execute("vacuum main into ?", (str(draft),))
    with closing(sqlite3.connect(draft.as_uri(), uri=True, isolation_level=None)) as connection:
        connection.execute("pragma journal_mode = off")  # a draft that is cut off is thrown away
        yield connection
        write_checksum(connection)
        connection.execute("vacuum main")
    move_durably(draft, path)


def new_draft(path: Path) -> Path:
    """Return where a new version of the database may be written; what a run that was cut off has left is removed."""
    draft = path.with_name(f".{path.stem}-draft.db")
    draft.unlink(missing_ok=True)
    return draft


def unusable(path: Path, error: sqlite3.Error | UnicodeDecodeError, what_to_do: str) -> RuntimeError:
    """Return the error that says whether a file is damaged, or only cannot be read."""
    if getattr(error, "sqlite_errorname", "").startswith(_NOT_DAMAGE):
        return UnreadableFileError(
            f"{path} cannot be read ({error}): it belongs to user {path.stat().st_uid}, and this runs as user "
            f"{os.geteuid()}. Correct its owner, its mode, or the disk. Nothing was changed."
        )
    return DamagedFileError(f"{path} is damaged ({error}). {what_to_do}")


def _digest(connection: sqlite3.Connection, schema: str) -> bytes:
    """Return a digest of every value in every table, in the order of rows."""
    digest = hashlib.sha256()
    for name, sql in connection.execute(_TABLES.format(schema)).fetchall():
        digest.update(repr((name, sql)).encode())
        for row in connection.execute(f'select * from {schema}."{name}"'):  # noqa: S608 - names of its own tables
            digest.update(repr(row).encode())
    return digest.digest()
