"""Replace a file, or the link that names a database: readers see the old one or the new, never half of one."""

import os
from pathlib import Path


def swap(link: Path, target: Path) -> None:
    """Point `link` to `target` in one step that survives a power cut; what it pointed to before stays there."""
    _sync(target)
    fresh = link.with_name(f".{link.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target.relative_to(link.parent))
    fresh.replace(link)
    _sync(link.parent)


def replace(fresh: Path, path: Path) -> None:
    """Let `fresh` take the place of the file at `path` in one step that survives a power cut."""
    _sync(fresh)
    fresh.replace(path)
    _sync(path.parent)


def remove(database: Path) -> None:
    """Delete a database with what SQLite keeps beside it."""
    for suffix in ("", "-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
