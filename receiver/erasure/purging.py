"""Remove uploads from the log: first recorded, then deleted, until no byte of them is left.

All of it runs on the log's one connection.
"""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from checksums import require_intact
from files import open_read_only
from receiver.erasure.lookup import Found
from receiver.log.gaps import Gaps, ranges_of
from receiver.log.log import Log
from trusted_time import time_for_ages, utc_text

_SLICE_UPLOADS = 500  # deleted in one commit, so that waiting uploads can be committed in between
_TAIL = "select seq from uploads where seq > ? and uuid = ?"
_IS_OF = "select 1 from uploads where seq = ? and uuid = ?"
_NEWEST = "select received_at from uploads order by seq desc limit 1"
_THROUGH = "select max(seq), max(received_at) from uploads where seq <= ?"
_NEXT_SLICE = """
select u.seq
from purges as p
inner join gaps as g on p.purge_id = g.purge_id
inner join uploads as u on u.seq between g.first_seq and g.last_seq
where p.done_at is null
limit ?
"""


def record_erasure(log: Log, uuid: str, erasure: tuple[bytes, bytes], found: Found, now: datetime) -> int:
    """Record that all uploads of `uuid` are to be deleted, with its `erasure` (hmac, key_check); return how many.

    Each one `found` is checked against the log, and uploads that arrived since are searched here.
    Nothing is recorded if there are no uploads.  Raise sqlite3.Error.
    """
    with log.writing() as connection:
        gaps = Gaps.read(connection)
        own = {seq for seq in found.seqs if connection.execute(_IS_OF, (seq, uuid)).fetchone()}
        own |= {seq for (seq,) in connection.execute(_TAIL, (found.searched_to, uuid))}
        own = {seq for seq in own if seq not in gaps}
        if own:
            _record(connection, "erasure", ranges_of(own), utc_text(now))
            connection.execute("insert or ignore into erasures values (?, ?, ?)", (*erasure, now.date().isoformat()))
    return len(own)


def reach_of_history(history: Path) -> tuple[int, str] | None:
    """Return how far history.db has what must outlive a purge: seq, and the Monday before which it was received.

    None where there is no history.db.  Called from any thread.  Raise DamagedFileError: deleting by what it says could
    lose what nothing else has.
    """
    if not history.exists():
        return None
    require_intact(history, "Nothing is deleted for its age until it is restored; `make refresh` says how.")
    with closing(open_read_only(history)) as connection:
        row: tuple[int, str] | None = connection.execute("select through_seq, received_before from kept").fetchone()
    return row


def record_retention(log: Log, reach: tuple[int, str] | None, retention_days: int, now: datetime) -> int:
    """Record that uploads are to be deleted that are too old and within the `reach` of history.db; return how many.

    `retention_days` 0 deletes nothing.
    """
    if not retention_days or reach is None:
        return 0
    with log.writing() as connection:
        newest = connection.execute(_NEWEST).fetchone()
        if newest is None:
            return 0
        now = time_for_ages(now, newest[0])
        if reach[1] > (now - timedelta(days=retention_days)).date().isoformat():
            return 0
        last, latest = connection.execute(_THROUGH, (reach[0],)).fetchone()
        if last is None or latest >= reach[1]:
            return 0
        ranges = list(Gaps.read(connection).outside(1, last))
        if ranges:
            _record(connection, "retention", ranges, utc_text(now), reach[1])
    return sum(last - first + 1 for first, last in ranges)


def delete_slice(log: Log) -> int:
    """Delete some of the recorded uploads and return how many; 0 when all are deleted."""
    with log.writing() as connection:
        seqs = connection.execute(_NEXT_SLICE, (_SLICE_UPLOADS,)).fetchall()
        connection.executemany("delete from uploads where seq = ?", seqs)
    return len(seqs)


def finish(log: Log, now: datetime) -> bool:
    """Leave no deleted byte in the file and its WAL; return False while a reader is blocking it."""
    with log.writing() as connection:
        is_due = connection.execute("select 1 from purges where done_at is null").fetchone() is not None
    if not is_due:
        return True
    if not log.rewrite():
        return False
    with log.writing() as connection:
        connection.execute("update purges set done_at = ? where done_at is null", (utc_text(now),))
    return True


def _record(
    connection: sqlite3.Connection,
    reason: str,
    ranges: Iterable[tuple[int, int]],
    recorded_at: str,
    received_before: str | None = None,
) -> None:
    purge_id = connection.execute(
        "insert into purges (reason, recorded_at, received_before) values (?, ?, ?)",
        (reason, recorded_at, received_before),
    ).lastrowid
    connection.executemany("insert into gaps values (?, ?, ?)", [(*each, purge_id) for each in ranges])
