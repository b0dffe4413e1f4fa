"""Write a small file so that a power cut leaves what was there before, or all of what is there now."""

import os
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Let `content`, readable by this user alone, take the place of the file.  Raise OSError; it is as it was then."""
    fresh = path.with_name(f".{path.name}.new")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:  # noqa: PTH123 - a descriptor
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
    os.fsync(folder)
    os.close(folder)
