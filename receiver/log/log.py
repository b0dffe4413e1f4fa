"""The append-only log: a single connection writes and checkpoints."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from receiver import limits
from receiver.log.gaps import Gaps
from receiver.log.high_water_mark import HighWaterMark, HighWaterMarkFile
from receiver.log.inspection import inspect
from receiver.log.opening import NoRoomError, lacks_room, open_log_read_only
from receiver.reports.report import Report

_SCHEMA = Path(__file__).with_name("log.sql").read_text(encoding="utf-8")
_INSERT = """
insert into uploads (seq, received_at, uuid, body, body_sha256, configuration, network_tag)
values (?, ?, ?, ?, ?, ?, ?)
"""
_SELECT_LAST = "select seq, received_at, body_sha256 from uploads order by seq desc limit 1"
_SELECT_BACKWARDS = "select received_at, uuid, body_sha256, network_tag from uploads order by seq desc"
_ROW_BYTES = 400  # an upload's other columns, and its share of the pages that a commit rewrites


class LogNotDurableError(RuntimeError):
    """SQLite is not in the mode in which a commit survives a power cut."""


@dataclass(frozen=True)
class Receipt:
    """The answer to a durable upload."""

    seq: int
    sha256: str
    received_at: str


class Log:
    """The table `uploads` of `log.db`.  Hold `writer_lock` around it."""

    def __init__(self, path: Path) -> None:
        """Open the log, or create it where none ever existed.

        On a full disk it is read now, and opened for writing at the first `writing` that finds room.  Raise
        DamagedLogError or UnreadableMarkError before anything is written, LogNotDurableError, sqlite3.Error or OSError.
        """
        inspect(path)
        self._path = path
        self._wal = path.with_name(path.name + "-wal")
        self.last_seq: int
        self.last_received_at: str
        self._is_open = False
        self._bytes_since_checkpoint = 0
        try:
            self._open()
        except NoRoomError:
            if not (path.exists() and path.stat().st_size):
                raise
            with self.reading() as connection:
                self._read_end(connection)

    def _open(self) -> None:
        """Open the log for writing.  Raise as `__init__` does, and NoRoomError on a full disk."""
        self._connection = sqlite3.connect(self._path, timeout=0, isolation_level=None, check_same_thread=False)
        try:
            self._connection.execute("pragma journal_mode = wal")
            self._connection.execute("pragma synchronous = full")
            self._connection.execute("pragma wal_autocheckpoint = 0")  # `checkpoint` does it, after the answers
            self._connection.execute("pragma journal_size_limit = 67108864")  # it shrinks again after a long reader
            self._connection.execute("pragma secure_delete = on")
            self._require_durable(self._path)
            self._connection.executescript(_SCHEMA)
            digest = self._read_end(self._connection)
            self._mark = HighWaterMarkFile(self._path.parent, HighWaterMark(self.last_seq, digest))
        except BaseException as error:
            self._connection.close()
            if isinstance(error, sqlite3.Error) and lacks_room(error, self._path.parent):
                raise NoRoomError from None
            raise
        self._bytes_since_checkpoint = self.wal_bytes()
        self._is_open = True

    def _read_end(self, connection: sqlite3.Connection) -> bytes:
        """Note where the log ends; return the digest of its last upload, empty if that is purged."""
        row = connection.execute(_SELECT_LAST).fetchone()
        last_upload, self.last_received_at, digest = row or (0, "", b"")
        self.last_seq = max(last_upload, Gaps.read(connection).last_seq)
        return digest if last_upload == self.last_seq else b""

    def append(self, reports: Iterable[tuple[Report, bytes | None]], now: str) -> list[Receipt]:
        """Append (report, network_tag) in one commit and return the receipts once they would survive a power cut.

        `now` is the receiver's clock; when it is behind the last upload, that upload's time is used.
        Raise sqlite3.Error when nothing was appended.
        """
        received_at = max(now, self.last_received_at)
        return self._append((report, received_at, network_tag) for report, network_tag in reports)

    def append_imported(self, uploads: Iterable[tuple[Report, str, bytes | None]]) -> list[Receipt]:
        """Append (report, received_at, network_tag) in one commit; times must not fall."""
        return self._append(uploads, is_import=True)

    def _append(self, uploads: Iterable[tuple[Report, str, bytes | None]], *, is_import: bool = False) -> list[Receipt]:
        receipts: list[Receipt] = []
        rows = []
        digest = b""
        for seq, (report, received_at, network_tag) in enumerate(uploads, start=self.last_seq + 1):
            digest = report.body_sha256
            rows.append((seq, received_at, report.uuid, report.body, digest, report.configuration, network_tag))
            receipts.append(Receipt(seq, digest.hex(), received_at))
            self._bytes_since_checkpoint += len(report.body) + _ROW_BYTES
        if not rows:
            return receipts
        with self.writing() as connection:
            connection.executemany(_INSERT, rows)
            if is_import:
                connection.execute("insert into imports values (?, ?)", (receipts[0].seq, receipts[-1].seq))
        is_new_second = receipts[-1].received_at != self.last_received_at
        self.last_seq, self.last_received_at = receipts[-1].seq, receipts[-1].received_at
        self._mark.move(HighWaterMark(self.last_seq, digest), is_to_be_synced=is_new_second)
        return receipts

    def uploads_of_last_second(self) -> Counter[tuple[str, bytes, bytes | None]]:
        """Return how often each (uuid, body_sha256, network_tag) was received at `last_received_at`."""
        found: Counter[tuple[str, bytes, bytes | None]] = Counter()
        with self.reading() as connection, closing(connection.execute(_SELECT_BACKWARDS)) as rows:  # there is no index
            for received_at, *upload in rows:
                if received_at != self.last_received_at:
                    break
                found[(upload[0], upload[1], upload[2])] += 1
        return found

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Read the log, also while it cannot be opened for writing.  Raise sqlite3.Error."""
        if self._is_open:
            yield self._connection
            return
        with closing(open_log_read_only(self._path)) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Commit at the end, or leave the log unchanged if something was raised.  Raise sqlite3.Error."""
        if not self._is_open:
            self._open()
        self._connection.execute("begin immediate")
        try:
            yield self._connection
            self._connection.execute("commit")
        except BaseException:
            if self._connection.in_transaction:  # after a full disk SQLite has already rolled back
                self._connection.execute("rollback")
            raise

    def rewrite(self) -> bool:
        """Rewrite the file, so that no deleted byte is left; return False when a reader is blocking the WAL.

        `secure_delete` alone leaves copies of rows that moved to another page.  Takes 9 s a GB, and as much more
        space as the log has.  Raise sqlite3.Error.
        """
        self._connection.execute("vacuum")
        if self._connection.execute("select 1 from uploads where seq = ?", (self.last_seq,)).fetchone() is None:
            self._mark.move(HighWaterMark(self.last_seq, b""), is_to_be_synced=True)  # the digest goes as well
        return self.shorten_wal()

    def is_checkpoint_due(self, *, is_idle: bool) -> bool:
        due = limits.CHECKPOINT_BYTES if is_idle else limits.CHECKPOINT_BYTES_BUSY
        return self._bytes_since_checkpoint >= due

    def checkpoint(self) -> None:
        """Copy the WAL into the database as far as readers allow.  Raise sqlite3.Error."""
        if self._is_open:
            self._connection.execute("pragma wal_checkpoint(passive)").fetchone()
        self._bytes_since_checkpoint = 0

    def shorten_wal(self) -> bool:
        """Empty the WAL; return False when a reader is blocking it.  Raise sqlite3.Error."""
        return not (self._is_open and self._connection.execute("pragma wal_checkpoint(truncate)").fetchone()[0])

    def wal_bytes(self) -> int:
        """Return the size of the WAL's file, which is reused rather than shortened."""
        try:
            return self._wal.stat().st_size
        except FileNotFoundError:
            return 0

    def lacks_room(self, error: sqlite3.Error) -> bool:
        """Whether a full disk is the reason for `error`, which one of these methods has raised."""
        return lacks_room(error, self._path.parent)

    def close(self) -> None:
        if self._is_open:
            self._connection.close()
            self._mark.close()

    def _require_durable(self, path: Path) -> None:
        journal = self._connection.execute("pragma journal_mode").fetchone()[0]
        synchronous = self._connection.execute("pragma synchronous").fetchone()[0]
        if (journal, synchronous) != ("wal", 2):
            raise LogNotDurableError(
                f"{path} opens with journal_mode={journal}, synchronous={synchronous}; wal and 2 (full) are needed. "
                "Put POPCON_DATA on a local file system."
            )
