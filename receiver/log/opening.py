"""The log opened for reading, even where nothing can be written: on a full disk, a read-only mount, as another user."""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any

from files import open_read_only

# What a damaged database raises; the second when SQLite's message quotes damaged bytes that are not UTF-8.
DAMAGE = (sqlite3.DatabaseError, UnicodeDecodeError)
_FULL = ("SQLITE_FULL", "SQLITE_IOERR_SHMSIZE")  # the second: no room for the file in which readers and writer meet


class NoRoomError(sqlite3.OperationalError):
    """The disk is so full that SQLite cannot make the files that it needs next to the database."""

    def __init__(self) -> None:
        super().__init__("no space is left for log.db-wal and log.db-shm, which SQLite needs next to it")


class ReadOnlyFolderError(RuntimeError):
    """The log has a WAL that cannot be read where nothing can be written; the message says what to do."""

    def __init__(self, path: Path, wal: Path) -> None:
        super().__init__(
            f"{path.parent} cannot be written, and SQLite can read {wal.name}, which has uploads, only where it can "
            "write. Copy the whole folder to a writable place, and name the copy with POPCON_DATA=…"
        )


def lacks_room(error: sqlite3.Error, folder: Path) -> bool:
    """Whether SQLite failed because the disk with `folder` is full."""
    name = getattr(error, "sqlite_errorname", "")
    if isinstance(error, NoRoomError) or name in _FULL:
        return True
    room = os.statvfs(folder)
    has_none = room.f_bavail == 0 or (room.f_files > 0 and room.f_favail == 0)
    return has_none and name.startswith("SQLITE_CANTOPEN")


def open_log_read_only(path: Path, **options: Any) -> sqlite3.Connection:
    """Return a connection that cannot change the log or its WAL; `options` are those of `sqlite3.connect`.

    SQLite needs two files next to a database with a WAL, and makes them if they are missing.  Where it cannot, and
    there is no WAL, nothing but the database has to be read, and nobody writes to it.
    Raise ReadOnlyFolderError, NoRoomError or another sqlite3.Error.
    """
    connection = open_read_only(path, **options)
    error = _why_not(connection)
    is_full = error is not None and lacks_room(error, path.parent)
    if error is None or not (is_full or _is_read_only(error, path.parent)):
        return connection  # what else is wrong is for the caller to find
    connection.close()
    wal = path.with_name(path.name + "-wal")
    if wal.exists() and wal.stat().st_size:
        raise NoRoomError if is_full else ReadOnlyFolderError(path, wal)
    return open_read_only(path, is_immutable=True, **options)


def _why_not(connection: sqlite3.Connection) -> sqlite3.OperationalError | None:
    """Return why SQLite cannot use the files; None also where they are damaged."""
    with suppress(*DAMAGE):
        try:
            connection.execute("select 1 from sqlite_schema").fetchone()
        except sqlite3.OperationalError as error:
            return error
    return None


def _is_read_only(error: sqlite3.Error, folder: Path) -> bool:
    return error.sqlite_errorname.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY")) and not os.access(folder, os.W_OK)
