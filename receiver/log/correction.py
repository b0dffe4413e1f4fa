"""Correct the time of uploads that a wrong clock had stamped with a time yet to come."""

from dataclasses import dataclass
from datetime import datetime

from receiver.log.log import Log
from trusted_time import BEHIND_MAX, utc_text

_FIRST = "select seq, received_at from uploads where received_at > ? order by seq limit 1"
_BEFORE = "select received_at from uploads where seq < ? order by seq desc limit 1"
_RECORD = "insert into corrections (first_seq, last_seq, received_at, recorded_at) values (?, ?, ?, ?)"
_KEEP = "insert into corrected_times select ?, seq, received_at from uploads where seq >= ?"


@dataclass(frozen=True)
class WrongTimes:
    """The uploads with a time yet to come."""

    first_seq: int
    last_seq: int
    wrongly_at: str  # what the first of them has
    latest: str  # what the last of them has
    received_at: str  # what they should have: the time of the last upload before them, or now


def wrong_times(log: Log, now: datetime) -> WrongTimes | None:
    """Return which uploads are stamped later than `now`; None if there are none.  Raise sqlite3.Error.

    Time never falls along the log, so these are all at its end.
    """
    with log.writing() as connection:
        first = connection.execute(_FIRST, (utc_text(now + BEHIND_MAX),)).fetchone()
        if first is None:
            return None
        before = connection.execute(_BEFORE, (first[0],)).fetchone()
    received_at = before[0] if before else utc_text(now)
    return WrongTimes(first[0], log.last_seq, first[1], log.last_received_at, received_at)


def correct_times(log: Log, wrong: WrongTimes, now: datetime) -> None:
    """Give these uploads the time they should have, and record what they had.  Raise sqlite3.Error."""
    with log.writing() as connection:
        row = (wrong.first_seq, wrong.last_seq, wrong.received_at, utc_text(now))
        correction_id = connection.execute(_RECORD, row).lastrowid
        connection.execute(_KEEP, (correction_id, wrong.first_seq))
        connection.execute("update uploads set received_at = ? where seq >= ?", (wrong.received_at, wrong.first_seq))
        connection.execute("update corrections set done_at = ? where done_at is null", (utc_text(now),))
