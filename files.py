"""Files that other programs read while they are replaced, or that a power cut may interrupt."""

import os
import shutil
import sqlite3
from pathlib import Path
from typing import Any

# Kept free on the disk for the log: this share of it, or so many bytes if that is less.
FREE_SHARE_MIN = 0.05
FREE_BYTES_MIN = 256 * 1024 * 1024


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


def free_bytes(folder: Path) -> int:
    """Return what is free on the disk of `folder` for this user.  Raise OSError."""
    return shutil.disk_usage(folder).free


def reserve_bytes(folder: Path) -> int:
    """Return what must stay free on the disk of `folder` for the log.  Raise OSError."""
    return min(int(shutil.disk_usage(folder).total * FREE_SHARE_MIN), FREE_BYTES_MIN)


def replace_durably(path: Path, content: bytes) -> None:
    """Let `content`, readable by this user alone, take the place of the file.

    After a power cut the file holds what it held before, or all of `content`.  Raise OSError; the file is unchanged.
    """
    draft = path.with_name(f".{path.name}.new")
    write_durably(draft, content, mode=0o600)
    draft.replace(path)
    sync(path.parent)


def write_durably(path: Path, content: bytes, *, mode: int = 0o666) -> None:
    """Write a file that nobody reads before it is whole; `mode` is narrowed by the umask.  Raise OSError."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:  # noqa: PTH123 - a descriptor
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
    draft.symlink_to(target.relative_to(link.parent))
    draft.replace(link)
    sync(link.parent)


def remove_database(database: Path) -> None:
    """Delete a database with the files that SQLite keeps next to it."""
    for suffix in ("", "-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Make the content of a file, or the names in a folder, survive a power cut.  Raise OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _address(database: Path, *, is_immutable: bool = False) -> str:
    return f"{database.as_uri()}?{'immutable=1' if is_immutable else 'mode=ro'}"
