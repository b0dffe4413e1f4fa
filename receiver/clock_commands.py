"""`python -m receiver clock`: whether the clock is trusted, and what the operator says of it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

from files import open_read_only
from receiver.log.correction import correct_times
from receiver.log.lock import writer_lock
from receiver.log.log import Log
from settings import Settings
from trusted_time import ClockBehindError, Reading, accept, newest_received, time_to_use


class ClockCommandError(RuntimeError):
    """What is asked cannot be done; the message says what to do instead."""


def run(settings: Settings, reading: Reading, *, accepts: bool, repairs: bool) -> Iterator[str]:
    """Do what is asked and yield what is to be said.  Raise ClockCommandError, OSError or sqlite3.Error."""
    if not settings.log.exists():
        raise ClockCommandError(f"{settings.log} does not exist yet: there is nothing to hold the clock against.")
    now = f"{reading.wall:%Y-%m-%dT%H:%M:%SZ}"
    if repairs:
        yield _repair(settings, reading)
    elif accepts:
        with closing(open_read_only(settings.log)) as log:
            _require_no_later_upload(log, now)
            last_seq = log.execute("select coalesce(max(seq), 0) from uploads").fetchone()[0]
        accept(settings.data, reading.wall, last_seq)
        yield f"Accepted: it is {now}. A receiver that runs takes notice within seconds."
    else:
        yield _status(settings, reading, now)


def _require_no_later_upload(log: sqlite3.Connection, now: str) -> None:
    newest = newest_received(log)
    if newest and newest[1] > now:
        raise ClockCommandError(
            f"The clock says {now}, but upload {newest[0]} has the time {newest[1]}. If the clock is right, stop the "
            "receiver and run `python -m receiver clock --repair`; if not, correct the clock."
        )


def _status(settings: Settings, reading: Reading, now: str) -> str:
    with closing(open_read_only(settings.log)) as log:
        try:
            time = time_to_use(settings.data, log, reading)
        except ClockBehindError as error:
            raise ClockCommandError(str(error)) from None
    if not time.doubt:
        return f"The clock is trusted: it is {now}."
    return (
        f"{time.doubt} Weeks are not closed, and nothing is deleted for its age. If the clock is right: "
        "python -m receiver clock --accept"
    )


def _repair(settings: Settings, reading: Reading) -> str:
    with writer_lock(settings.data, "clock --repair"), closing(Log(settings.log)) as log:
        corrected = correct_times(log, reading.wall)
    if corrected is None:
        return "No upload has a time yet to come; nothing was changed."
    accept(settings.data, reading.wall, corrected.last_seq)
    return (
        f"Uploads {corrected.first_seq} to {corrected.last_seq} had times from {corrected.wrongly_at} on; they have "
        f"{corrected.received_at} now, the time of the last upload before them. The next refresh counts anew."
    )
