"""A disk of a few megabytes, to be filled."""

import os
from pathlib import Path

DISK_BYTES = 24 * 1024 * 1024


def fill(disk: Path, free_bytes: int) -> Path:
    """Leave about so many bytes free, and return the file that takes the rest."""
    room = os.statvfs(disk)
    filler = disk / "filler"
    filler.write_bytes(bytes(max(0, room.f_bavail * room.f_frsize - free_bytes)))
    return filler
