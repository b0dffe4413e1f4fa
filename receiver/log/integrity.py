"""Whether the log is intact: every upload exists, in order, and every body is as it was acknowledged.

SQLite's own `integrity_check` does not see a flipped bit in a body, nor that the last 100 bytes of the file are gone.
So each body is checked against its SHA-256, seq against gaps, and the end of the log against the high-water mark.
"""

import hashlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson

from connection.refusals import Refusal
from receiver.log.gaps import Gaps
from receiver.log.high_water_mark import HighWaterMark
from receiver.log.opening import DAMAGE, open_log_read_only
from receiver.reports.report import read_report

_SLICE_UPLOADS = 5_000  # read in one transaction: a long one would keep the WAL from being reused
_SELECT = """
select seq, received_at, uuid, body, body_sha256, configuration
from uploads
where seq >= ? and seq <= ?
order by seq
"""
_Row = tuple[int, bytes, bytes, bytes, bytes, bytes]


@dataclass(frozen=True)
class Fault:
    """What is not intact, and where."""

    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


def open_for_reading(path: Path) -> sqlite3.Connection:
    """Return a connection as `open_log_read_only` does, which returns text as bytes.  Raise what it raises."""
    connection = open_log_read_only(path)
    connection.text_factory = bytes  # a flipped bit may leave text that is not UTF-8
    return connection


def last_seq(connection: sqlite3.Connection, gaps: Gaps) -> int:
    """Return the highest seq ever assigned, 0 for an empty or missing table.  Raise sqlite3.Error."""
    if connection.execute("select 1 from sqlite_schema where name = 'uploads'").fetchone() is None:
        return 0
    return max(int(connection.execute("select coalesce(max(seq), 0) from uploads").fetchone()[0]), gaps.last_seq)


def faults_of_uploads(
    connection: sqlite3.Connection, first: int, last: int, gaps: Gaps, *, deep: bool
) -> Iterator[Fault]:
    """Yield what is wrong with the uploads from `first` to `last`; only those in `gaps` may be missing.

    `deep` also checks uuid and configuration against the body they were taken from.
    """
    expected, latest = first, b""
    while expected <= last:
        end = min(expected + _SLICE_UPLOADS - 1, last)
        rows, why_not = _read_slice(connection, expected, end)
        for row in rows:
            if row[0] > expected:
                yield from _faults_of_missing(gaps, expected, row[0] - 1, why_not)
            expected = row[0] + 1
            if not is_readable(row):
                yield Fault(_uploads(row[0], row[0]), "has values of other types than were written")
                continue
            if row[1] < latest:
                yield Fault(_uploads(row[0], row[0]), "received_at is earlier than that of the upload before it")
            yield from _faults_of_row(row, deep=deep)
            latest = row[1]
        if expected <= end:
            yield from _faults_of_missing(gaps, expected, end, why_not)
        expected = end + 1


def _faults_of_missing(gaps: Gaps, first: int, last: int, why_not: str) -> Iterator[Fault]:
    for start, end in gaps.outside(first, last):
        yield Fault(_uploads(start, end), why_not)


def faults_of_end(connection: sqlite3.Connection, last: int, gaps: Gaps, mark: HighWaterMark | None) -> Iterator[Fault]:
    """Yield how the end of the log, whose highest seq is `last`, differs from the mark."""
    if mark is None or mark.seq == 0:
        return
    if last < mark.seq:
        yield Fault(_uploads(last + 1, mark.seq), "acknowledged, but not in the log")
        return
    row = connection.execute("select body_sha256 from uploads where seq = ?", (mark.seq,)).fetchone()
    is_purged = row is None and mark.seq in gaps
    if not is_purged and (row is None or row[0] != mark.body_sha256):
        yield Fault(_uploads(mark.seq, mark.seq), "not the upload that was acknowledged")


def faults_of_file(connection: sqlite3.Connection, path: Path) -> Iterator[Fault]:
    """Yield a fault when the file does not have the size that its header says and no WAL has the rest."""
    wal = path.with_name(path.name + "-wal")
    if wal.exists() and wal.stat().st_size:
        return
    pages = connection.execute("pragma page_count").fetchone()[0]
    needed = pages * connection.execute("pragma page_size").fetchone()[0]
    if (size := path.stat().st_size) != needed:
        yield Fault(path.name, f"{size} bytes long where {needed} are needed: the file was cut or extended")


def faults_of_structure(connection: sqlite3.Connection, path: Path) -> Iterator[Fault]:
    """Yield the faults that SQLite itself finds in its pages."""
    try:
        for (finding,) in connection.execute("pragma integrity_check(20)"):
            if finding != b"ok":
                yield Fault(path.name, finding.decode(errors="replace").replace("\n", " "))
    except DAMAGE as error:
        yield Fault(path.name, str(error))


def is_readable(row: _Row) -> bool:
    """Return whether every column is text or blob; a damaged page can make SQLite return anything."""
    return all(isinstance(column, bytes) for column in row[1:])


def is_intact(body: bytes, body_sha256: bytes) -> bool:
    return hashlib.sha256(body).digest() == body_sha256


def _faults_of_row(row: _Row, *, deep: bool) -> Iterator[Fault]:
    seq, _, uuid, body, body_sha256, configuration = row
    if not is_intact(body, body_sha256):
        yield Fault(_uploads(seq, seq), "the body is not the one that was acknowledged (SHA-256)")
    elif deep:
        try:
            report = read_report(body)
            if (report.uuid.encode(), report.configuration) != (uuid, configuration):
                yield Fault(_uploads(seq, seq), "uuid or configuration is not that of the body")
        except Refusal:
            if not isinstance(orjson.loads(body), dict):  # a body accepted under older limits is still intact
                yield Fault(_uploads(seq, seq), "the body is not a report")


def _read_slice(connection: sqlite3.Connection, first: int, last: int) -> tuple[list[_Row], str]:
    """Return the rows from `first` to `last` that can be read, and why any others cannot."""
    try:
        return connection.execute(_SELECT, (first, last)).fetchall(), "missing"
    except DAMAGE as error:
        rows = (read_upload(connection, seq) for seq in range(first, last + 1))
        return [row for row in rows if row is not None], f"cannot be read ({error})"


def read_upload(connection: sqlite3.Connection, seq: int) -> _Row | None:
    """Return a single upload, None where it is missing or on a damaged page."""
    try:
        row: _Row | None = connection.execute(_SELECT, (seq, seq)).fetchone()
    except DAMAGE:
        return None
    return row


def _uploads(first: int, last: int) -> str:
    return f"upload {first}" if first == last else f"uploads {first} to {last}"
