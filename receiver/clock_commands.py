"""`python -m receiver clock`: whether the clock is trusted, and what the operator says of it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime

from files import open_read_only
from receiver.clock import explained
from receiver.log.correction import correct_times, wrong_times
from receiver.log.lock import writer_lock
from receiver.log.log import Log
from settings import Settings
from trusted_time import (
    BEHIND_MAX,
    COMMAND,
    Reading,
    accept,
    as_written,
    newest_received,
    time_to_use,
    utc_text,
)


class ClockCommandError(RuntimeError):
    """What is asked cannot be done; the message says what to do instead."""


def run(settings: Settings, reading: Reading, *, accepts: bool, repairs: bool, is_confirmed: bool) -> Iterator[str]:
    """Do what is asked and yield what is to be said.

    Raise ClockCommandError, ClockBehindError, OSError or sqlite3.Error.
    """
    if not settings.log.exists():
        raise ClockCommandError(f"{settings.log} does not exist yet: there is nothing to hold the clock against.")
    now = utc_text(reading.wall)
    if repairs:
        yield _repair(settings, reading, is_confirmed=is_confirmed)
    elif accepts:
        with closing(open_read_only(settings.log)) as log:
            _require_no_later_upload(log, reading)
            last_seq = log.execute("select coalesce(max(seq), 0) from uploads").fetchone()[0]
        accept(settings.data, reading, last_seq)
        yield f"Accepted: it is {now}. A receiver that runs takes notice within seconds."
    else:
        yield _status(settings, reading, now)


def _require_no_later_upload(log: sqlite3.Connection, reading: Reading) -> None:
    newest = newest_received(log)
    if newest and datetime.fromisoformat(newest[1]) > reading.wall + BEHIND_MAX:
        raise ClockCommandError(
            f"The clock says {utc_text(reading.wall)}, but upload {newest[0]} has the time {newest[1]}. "
            "Compare the clock with another machine, and correct it. If it is right, stop the receiver and run "
            f"`{COMMAND} --repair`."
        )


def _status(settings: Settings, reading: Reading, now: str) -> str:
    with closing(open_read_only(settings.log)) as log:
        time = time_to_use(settings.data, log, reading)
        _require_no_later_upload(log, reading)
    if not time.doubt:
        return f"The clock is trusted: it is {now}."
    return explained(time.doubt)


def _repair(settings: Settings, reading: Reading, *, is_confirmed: bool) -> str:
    written = as_written(settings.data, reading)
    if written and written.doubt:
        raise ClockCommandError(f"{written.doubt} Correct the clock first, or accept it: `{COMMAND} --accept`.")
    with writer_lock(settings.data, "clock --repair"), closing(Log(settings.log)) as log:
        wrong = wrong_times(log, reading.wall)
        if wrong is None:
            return "No upload has a time yet to come; nothing was changed."
        uploads = f"{wrong.last_seq - wrong.first_seq + 1:,} of {log.last_seq:,} uploads"
        if not is_confirmed:
            return (
                f"This would change the times of {uploads}, {wrong.wrongly_at} to {wrong.latest}, to "
                f"{wrong.received_at}. Compare the clock ({utc_text(reading.wall)}) with another machine. "
                f"If it is right, copy the folder, then: `{COMMAND} --repair --yes`. Nothing was changed."
            )
        correct_times(log, wrong, reading.wall)
    accept(settings.data, reading, wrong.last_seq)
    return (
        f"The times of {uploads}, {wrong.wrongly_at} to {wrong.latest}, were changed to {wrong.received_at}. The table "
        "corrected_times of the log keeps what they were. The next refresh counts everything again."
    )
