"""Room on the disk: looked for before a large file is written, so that the log never lacks it."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from files import free_bytes, reserve_bytes
from settings import Settings

_LOG_BYTES_A_VIEWS_BYTE = 4  # or more: five to seven in simulated communities
_TRY_AGAIN = "Make room there and try again; until then the old files stay as they are."


class NoRoomError(OSError):
    """The disk has no room for a file that is to be written; the message says how much is needed."""


def require_room(folder: Path, needed: int, what: str) -> None:
    """Raise NoRoomError unless `needed` bytes can be written in `folder`, and the reserve for the log is left."""
    free, reserve = free_bytes(folder), reserve_bytes(folder)
    if free - needed < reserve:
        raise NoRoomError(
            f"{what} needs {_in_words(needed)} in {folder}, and {_in_words(reserve)} are kept free for the log, but "
            f"only {_in_words(free)} are free. {_TRY_AGAIN}"
        )


def require_room_to_rebuild(settings: Settings) -> None:
    """Raise NoRoomError unless views.db, public.db and history.db can be written anew next to those of before."""
    views = size_of(settings.views) or size_of(settings.log) // _LOG_BYTES_A_VIEWS_BYTE
    require_room(settings.data, views + size_of(settings.public) + size_of(settings.history), "A rebuild")


def size_of(path: Path) -> int:
    """Return the bytes of a file, 0 where there is none."""
    return path.stat().st_size if path.exists() else 0


@contextmanager
def full_disk_in_words(folder: Path) -> Iterator[None]:
    """Raise NoRoomError instead of what SQLite or the system says when the disk is full."""
    try:
        yield
    except (sqlite3.OperationalError, OSError) as error:
        if not _is_full(error):
            raise
        raise NoRoomError(
            f"The disk of {folder} is full: {_in_words(free_bytes(folder))} are free. {_TRY_AGAIN}"
        ) from error


def _is_full(error: sqlite3.OperationalError | OSError) -> bool:
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return getattr(error, "sqlite_errorcode", None) in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE)


def _in_words(count: int) -> str:
    return f"{count / 1_000_000:,.1f} MB"
