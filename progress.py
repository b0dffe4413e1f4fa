"""Progress of a long command, for people; silent where standard error is not a terminal."""

import os
from collections.abc import Iterator
from stat import S_ISREG
from typing import IO, Never

from tqdm import tqdm

_BYTES_AT_ONCE = 1 << 20  # between two updates, which cost more than reading a line


def progress_bar(total: int | None, unit: str, does: str, *, is_shown: bool = True) -> "tqdm[Never]":
    """Return a context manager; `update(count)` moves it on by so many of `total` units."""
    disable = None if is_shown else True  # None: unless standard error is a terminal
    return tqdm(total=total, unit=f" {unit}", unit_scale=True, desc=does, disable=disable, leave=False)


def lines_with_progress(file: IO[bytes], does: str) -> Iterator[bytes]:
    """Yield the lines of a file or pipe while a bar shows how much of it is read."""
    status = os.fstat(file.fileno())
    with progress_bar(status.st_size if S_ISREG(status.st_mode) else None, "B", does) as bar:
        unreported = 0
        for line in file:
            yield line
            unreported += len(line)
            if unreported >= _BYTES_AT_ONCE:
                bar.update(unreported)
                unreported = 0
        bar.update(unreported)
