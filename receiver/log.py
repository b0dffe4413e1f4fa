"""The append-only log: one connection that writes and checkpoints, and nothing else that does."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from receiver.report import Report

_SCHEMA = Path(__file__).with_name("log.sql").read_text()
_INSERT = """
insert into uploads (seq, received_at, uuid, body, body_sha256, configuration, network_tag)
values (?, ?, ?, ?, ?, ?, ?)
"""


class LogNotDurableError(RuntimeError):
    """SQLite does not work in the mode in which a commit survives a power cut."""


@dataclass(frozen=True)
class Receipt:
    """What the sender of a durable upload is told."""

    seq: int
    sha256: str
    received_at: str


class Log:
    """The table `uploads` of `log.db`.  Hold `writer_lock` around it."""

    def __init__(self, path: Path) -> None:
        """Open or create the log; raise LogNotDurableError or sqlite3.Error."""
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.execute("pragma journal_mode = wal")
        self._connection.execute("pragma synchronous = full")
        self._require_durable(path)
        self._connection.executescript(_SCHEMA)
        row = self._connection.execute("select seq, received_at from uploads order by seq desc limit 1").fetchone()
        self.last_seq: int
        self.last_received_at: str
        self.last_seq, self.last_received_at = row or (0, "")

    def append(self, reports: Iterable[Report], now: str) -> list[Receipt]:
        """Append all of `reports` in one commit and return their receipts once they would survive a power cut.

        `now` is the receiver's clock; when it is behind the last upload, that upload's time is taken.
        Raise sqlite3.Error when nothing was appended.
        """
        received_at = max(now, self.last_received_at)
        return self.append_dated((report, received_at, None) for report in reports)

    def append_dated(self, uploads: Iterable[tuple[Report, str, bytes | None]]) -> list[Receipt]:
        """Append (report, received_at, network_tag) in one commit; times must not fall."""
        receipts: list[Receipt] = []
        rows = []
        for seq, (report, received_at, network_tag) in enumerate(uploads, start=self.last_seq + 1):
            rows.append(
                (seq, received_at, report.uuid, report.body, report.body_sha256, report.configuration, network_tag)
            )
            receipts.append(Receipt(seq, report.body_sha256.hex(), received_at))
        self._commit(rows)
        if receipts:
            self.last_seq, self.last_received_at = receipts[-1].seq, receipts[-1].received_at
        return receipts

    def close(self) -> None:
        self._connection.close()

    def _commit(self, rows: Sequence[tuple[object, ...]]) -> None:
        self._connection.execute("begin immediate")
        try:
            self._connection.executemany(_INSERT, rows)
            self._connection.execute("commit")
        except BaseException:
            if self._connection.in_transaction:  # a full disk has rolled back already
                self._connection.execute("rollback")
            raise

    def _require_durable(self, path: Path) -> None:
        journal = self._connection.execute("pragma journal_mode").fetchone()[0]
        synchronous = self._connection.execute("pragma synchronous").fetchone()[0]
        if (journal, synchronous) != ("wal", 2):
            raise LogNotDurableError(
                f"{path} opens with journal_mode={journal}, synchronous={synchronous}; wal and 2 (full) are needed. "
                "Put POPCON_DATA on a local file system."
            )
