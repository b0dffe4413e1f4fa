"""Files that other programs read while they are replaced, or that a power cut may interrupt."""

import contextlib
import errno
import fcntl
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# Kept free on the disk for the log: this share of it, or so many bytes if that is less.
FREE_SHARE_MIN = 0.05
FREE_BYTES_MIN = 256 * 1024 * 1024


class LinkNotFollowedError(OSError):
    """Where a file is to be written there is a symbolic link, perhaps to a file that is somebody's."""

    def __init__(self, path: Path) -> None:
        what = "is a symbolic link, and nothing is written through one. Look where it leads, and remove the link"
        super().__init__(errno.ELOOP, what, str(path))

    def __str__(self) -> str:
        return f"{self.filename} {self.strerror}."


def open_read_only(database: Path, *, is_immutable: bool = False, **options: Any) -> sqlite3.Connection:
    """Open a database that others may write to; `options` are those of `sqlite3.connect`.  Raise sqlite3.Error.

    Opened in any other mode, the log would be checkpointed and lose its WAL when this connection is the last to close.
    `is_immutable`: nobody writes to the file any more, and nothing but the file is looked at.
    """
    connection: sqlite3.Connection = sqlite3.connect(_address(database, is_immutable=is_immutable), uri=True, **options)
    return connection


def attach_read_only(connection: sqlite3.Connection, database: Path, name: str) -> None:
    """Attach a database under `name`, in the same mode; `connection` was opened with `uri=True`."""
    connection.execute("attach ? as " + name, (_address(database),))


def open_itself(path: Path, flags: int, mode: int = 0o666) -> int:
    """Return a descriptor, as `os.open` does, of the file at `path`; raise LinkNotFollowedError if it is a link."""
    try:
        return os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise LinkNotFollowedError(path) from None
        raise


@contextlib.contextmanager
def locked(path: Path, *, is_waiting: bool = True) -> Iterator[int]:
    """Hold the lock of a file, which is created if it is missing, and never emptied; yield its descriptor.

    The kernel releases it with the process.  Raise BlockingIOError if another holds it and `is_waiting` is false, or
    OSError.
    """
    descriptor = open_itself(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if is_waiting else fcntl.LOCK_NB))
        except BlockingIOError as error:  # it says who holds it, if that is written there
            raise BlockingIOError(error.errno, os.pread(descriptor, 100, 0).decode(errors="replace").strip()) from None
        yield descriptor
    finally:
        os.close(descriptor)


def free_bytes(folder: Path) -> int:
    """Return what is free on the disk of `folder` for this user.  Raise OSError."""
    return shutil.disk_usage(folder).free


def reserve_bytes(folder: Path) -> int:
    """Return what must stay free on the disk of `folder` for the log.  Raise OSError."""
    return min(int(shutil.disk_usage(folder).total * FREE_SHARE_MIN), FREE_BYTES_MIN)


@contextlib.contextmanager
def readable_by_anyone() -> Iterator[None]:
    """Let what is made meanwhile be readable by anyone, although the command keeps its files to itself."""
    before = os.umask(0o022)
    try:
        yield
    finally:
        os.umask(before)


def replace_durably(path: Path, content: bytes) -> None:
    """Let `content`, readable by this user alone, take the place of the file.

    After a power cut the file holds what it held before, or all of `content`.  Raise OSError; the file is unchanged.
    """
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)  # of a run that was cut off; or a link, or a file that others can read
    write_durably(draft, content, mode=0o600)
    draft.replace(path)
    sync(path.parent)


def write_durably(path: Path, content: bytes, *, mode: int = 0o666) -> None:
    """Write a file that nobody reads before it is whole; `mode` is narrowed by the umask.  Raise OSError."""
    with open(open_itself(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def move_durably(draft: Path, path: Path) -> None:
    """Let a finished draft take the place of the file at `path` in one step that survives a power cut."""
    sync(draft)
    draft.replace(path)
    sync(path.parent)


def point_link(link: Path, target: Path) -> None:
    """Point `link` to `target` in one step that survives a power cut; what it pointed to before stays on disk."""
    sync(target)
    draft = link.with_name(f".{link.name}.new")
    draft.unlink(missing_ok=True)
    draft.symlink_to(target.relative_to(link.parent) if target.is_relative_to(link.parent) else target)
    draft.replace(link)
    sync(link.parent)


def remove_database(database: Path) -> None:
    """Delete a database with the files that SQLite keeps next to it."""
    for suffix in ("", "-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)


def signature(path: Path) -> str:
    """Return a text that is another one once the file was replaced or written to; '' where there is none."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return ""
    return f"{status.st_ino}-{status.st_size}-{status.st_mtime_ns}"


def sync(path: Path) -> None:
    """Make the content of a file, or the names in a folder, survive a power cut.  Raise OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _address(database: Path, *, is_immutable: bool = False) -> str:
    return f"{database.as_uri()}?{'immutable=1' if is_immutable else 'mode=ro'}"
