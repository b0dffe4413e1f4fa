"""Correct the time of uploads that a wrong clock had stamped with a time yet to come."""

from dataclasses import dataclass
from datetime import datetime

from receiver.log.log import Log
from trusted_time import BEHIND_MAX

_FIRST = "select seq, received_at from uploads where received_at > ? order by seq limit 1"
_BEFORE = "select received_at from uploads where seq < ? order by seq desc limit 1"
_RECORD = """
insert into corrections (first_seq, last_seq, received_at, wrongly_at, recorded_at)
values (?, ?, ?, ?, ?)
"""


@dataclass(frozen=True)
class Correction:
    """What a correction did."""

    first_seq: int
    last_seq: int
    received_at: str  # what the uploads have now
    wrongly_at: str  # what the first of them had


def correct_times(log: Log, now: datetime) -> Correction | None:
    """Give every upload that is stamped later than `now` the time of the last one before; None where there is none.

    Time never falls along the log, so these are all at its end.  Recorded and done in one commit.  Raise sqlite3.Error.
    """
    latest = (now + BEHIND_MAX).strftime("%Y-%m-%dT%H:%M:%SZ")
    with log.writing() as connection:
        first = connection.execute(_FIRST, (latest,)).fetchone()
        if first is None:
            return None
        before = connection.execute(_BEFORE, (first[0],)).fetchone()
        received_at = before[0] if before else now.strftime("%Y-%m-%dT%H:%M:%SZ")
        correction = Correction(first[0], log.last_seq, received_at, first[1])
        recorded_at = now.strftime("%Y-%m-%dT%H:%M:%SZ")
        row = (correction.first_seq, correction.last_seq, received_at, correction.wrongly_at, recorded_at)
        connection.execute(_RECORD, row)
        connection.execute("update uploads set received_at = ? where seq >= ?", (received_at, first[0]))
        connection.execute("update corrections set done_at = ? where done_at is null", (recorded_at,))
    return correction
