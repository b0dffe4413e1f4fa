"""How many editions there are and what they say, in a file of its own: it shows when editions.db has lost some."""

import zlib
from dataclasses import dataclass
from pathlib import Path

from checksums import UnreadableFileError
from files import replace_durably


@dataclass(frozen=True)
class Mark:
    """The editions that are published."""

    count: int
    digest: str  # of all, in hexadecimal digits


def mark_path(editions: Path) -> Path:
    """Return where the mark of editions.db is."""
    return editions.with_suffix(".mark")


def read_mark(editions: Path) -> Mark | None:
    """Return the mark, None where there is none.  Raise UnreadableFileError."""
    path = mark_path(editions)
    try:
        content, checksum = path.read_bytes().rsplit(b" ", 1)
        if int(checksum, 16) != zlib.crc32(content):
            raise ValueError
        count, digest = content.decode("ascii").split()
        return Mark(int(count), digest)
    except FileNotFoundError:
        return None
    except ValueError:
        raise UnreadableFileError(
            f"{path} cannot be read, and nothing is published. Restore it from the backup. Without one, remove it: "
            f"{editions.name} is then taken as it is."
        ) from None


def write_mark(editions: Path, mark: Mark) -> None:
    """Write the mark so that it survives a power cut.  Raise OSError."""
    content = f"{mark.count} {mark.digest}".encode()
    replace_durably(mark_path(editions), b"%s %08x\n" % (content, zlib.crc32(content)))
