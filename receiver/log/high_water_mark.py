"""The high-water mark: which upload was the last to be acknowledged, kept outside the database.

A WAL that is lost or damaged takes complete commits with it and leaves a database in which SQLite finds no fault.  The
mark shows the loss.  It is written after each commit without a sync of its own, and synced when the clock's second
changes, so it may lag behind the log after a power cut; it is never ahead of it.
"""

import contextlib
import errno
import os
import zlib
from dataclasses import dataclass
from pathlib import Path

from files import LinkNotFollowedError, open_itself, sync

MARK_NAME = "log.mark"
_RECORD_BYTES = 100  # less than a sector: a power cut leaves the old record or the new one


class UnreadableMarkError(RuntimeError):
    """The file contains no mark; the message says what to do."""


@dataclass(frozen=True)
class HighWaterMark:
    """The last upload known to be durable; seq 0 with an empty digest if there is none."""

    seq: int
    body_sha256: bytes


def read_high_water_mark(folder: Path) -> HighWaterMark | None:
    """Return the mark in `folder`, None when there is no file.  Raise UnreadableMarkError."""
    if (folder / MARK_NAME).is_symlink():  # to be told before anything is written
        raise UnreadableMarkError(str(LinkNotFollowedError(folder / MARK_NAME)))
    try:
        record = (folder / MARK_NAME).read_bytes()
    except FileNotFoundError:
        return None
    try:
        content, checksum = record.strip().rsplit(b" ", 1)
        if int(checksum, 16) != zlib.crc32(content):
            raise ValueError
        seq, digest = content.split(b" ")
        return HighWaterMark(int(seq), bytes.fromhex(digest.decode().rstrip("-")))
    except ValueError:
        raise UnreadableMarkError(
            f"{folder / MARK_NAME} cannot be read. Run `make check-log`: if it finds no other fault, "
            "remove that file and start again."
        ) from None


class HighWaterMarkFile:
    """The file while the log is open for writing."""

    def __init__(self, folder: Path, mark: HighWaterMark) -> None:
        """Write `mark` and make it, and the name of its file, durable.  Raise OSError, except on a full disk."""
        self._path = folder / MARK_NAME
        self._file: int | None = None
        try:
            self._open(mark)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise

    def move(self, mark: HighWaterMark, *, is_to_be_synced: bool) -> None:
        """Record that the log now reaches `mark`.  A mark that cannot be written lags, which is not wrong."""
        with contextlib.suppress(OSError):
            if self._file is None:
                self._open(mark)
                return
            os.pwrite(self._file, _record(mark), 0)
            if is_to_be_synced:
                os.fdatasync(self._file)

    def close(self) -> None:
        if self._file is None:
            return
        with contextlib.suppress(OSError):
            os.fdatasync(self._file)
        os.close(self._file)

    def _open(self, mark: HighWaterMark) -> None:
        """Raise OSError; a file that was not there is then not left without a mark, which no start would accept."""
        is_new = not self._path.exists()
        file = open_itself(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if os.pwrite(file, _record(mark), 0) < _RECORD_BYTES:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self._path))
            os.ftruncate(file, _RECORD_BYTES)
            os.fsync(file)
            sync(self._path.parent)
        except OSError:
            os.close(file)
            if is_new:
                self._path.unlink(missing_ok=True)
            raise
        self._file = file


def _record(mark: HighWaterMark) -> bytes:
    content = b"%020d %s" % (mark.seq, mark.body_sha256.hex().encode().ljust(64, b"-"))
    return (b"%s %08x" % (content, zlib.crc32(content))).ljust(_RECORD_BYTES - 1) + b"\n"
