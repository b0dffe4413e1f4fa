"""The log opened for reading, even where nothing can be written: on a read-only mount, or as another user."""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from files import open_read_only

# What a damaged database raises; the second when SQLite's message quotes damaged bytes that are not UTF-8.
DAMAGE = (sqlite3.DatabaseError, UnicodeDecodeError)


class ReadOnlyFolderError(RuntimeError):
    """The log has a WAL that cannot be read where nothing can be written; the message says what to do."""

    def __init__(self, path: Path, wal: Path) -> None:
        super().__init__(
            f"{path.parent} cannot be written, and SQLite can read {wal.name}, which has uploads, only where it can "
            "write. Copy the whole folder to a writable place, and name the copy with POPCON_DATA=…"
        )


def open_log_read_only(path: Path) -> sqlite3.Connection:
    """Return a connection that cannot change the log or its WAL.  Raise ReadOnlyFolderError or sqlite3.Error.

    SQLite needs two files next to a database with a WAL, and makes them if they are missing.  Where it cannot, and
    there is no WAL, nothing but the database has to be read, and nobody writes to it.
    """
    connection = open_read_only(path)
    if _can_be_read(connection) or os.access(path.parent, os.W_OK):
        return connection
    connection.close()
    wal = path.with_name(path.name + "-wal")
    if wal.exists() and wal.stat().st_size:
        raise ReadOnlyFolderError(path, wal)
    return open_read_only(path, is_immutable=True)


def _can_be_read(connection: sqlite3.Connection) -> bool:
    """Whether SQLite can use the files; what is damaged in them is for the caller to find."""
    with suppress(*DAMAGE):
        try:
            connection.execute("select 1 from sqlite_schema").fetchone()
        except sqlite3.OperationalError as error:
            return not error.sqlite_errorname.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY"))
    return True
