"""Which time to trust: the machine's clock, held against what else is known of the time.

While the receiver runs, its clock is held against one that nobody can set (the seconds since the machine started); at
start, against the newest upload that it received.  Where they differ too much, nobody can tell whether the clock is
wrong or the machine was off for long.  So what cannot be taken back waits: weeks are not closed, and nothing is deleted
for its age, until the operator confirms the clock or a day has passed in which the two clocks went alike.  Uploads go
on, with the time that was trusted last and what has passed since.

The receiver writes `clock.json` now and then; `python -m receiver clock --accept` writes `clock-accepted.json`.
"""

import json
import os
import sqlite3
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

from files import replace_durably

STEP_MAX = timedelta(minutes=5)  # by which the two clocks may differ
AHEAD_MAX = timedelta(days=8)  # of the newest upload: every installation sends once a week
BEHIND_MAX = timedelta(hours=1)
STATE_NAME, ACCEPTED_NAME = "clock.json", "clock-accepted.json"
COMMAND = ".venv/bin/python -m receiver clock"  # how the operator asks, and answers, from a clone
_FRESH_SECONDS = 2 * 3600  # the receiver writes its state every hour
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class Reading(NamedTuple):
    """What the clocks of the machine say."""

    wall: datetime
    boot_seconds: float  # since the machine started, also while it slept
    boot_id: str  # a new one at each start


@dataclass(frozen=True)
class TimeToUse:
    """The time to go by; `doubt` says in a sentence why it is not the clock's, and is empty where it is."""

    now: datetime
    doubt: str = ""


class ClockBehindError(RuntimeError):
    """The clock is behind what is stored already; the message says what to do."""


def read_clocks() -> Reading:
    return Reading(datetime.now(UTC), time.clock_gettime(time.CLOCK_BOOTTIME), _boot_id())


@cache
def _boot_id() -> str:
    return _BOOT_ID.read_text().strip()


def time_to_use(folder: Path, log: sqlite3.Connection, reading: Reading) -> TimeToUse:
    """Return the time that a program other than the receiver should go by.  Raise ClockBehindError.

    `log` reads the log in `folder`.
    """
    known = known_time(folder, log)
    time = as_written(folder, reading) or held_if_ahead(known, reading.wall)
    if known and reading.wall < known - BEHIND_MAX:
        raise ClockBehindError(
            f"{behind(reading.wall, known)} Compare the clock "
            "with another machine, and correct it. If it is right, that upload has a wrong time: stop the receiver, "
            f"run `{COMMAND} --repair`, and start it again."
        )
    return time


def known_time(folder: Path, log: sqlite3.Connection) -> datetime | None:
    """Return the latest time that is known to have been: of the newest received upload, or that the operator accepted.

    None: nothing was ever received.  Imported uploads do not count.
    """
    newest = newest_received(log)
    accepted = _read(folder / ACCEPTED_NAME)
    if accepted and (newest is None or newest[0] <= accepted.seq):
        return accepted.trusted
    return newest and datetime.fromisoformat(newest[1])


def held_if_ahead(known: datetime | None, wall: datetime) -> TimeToUse:
    """Return the time of a clock that nothing has been held against since the start but the known time."""
    if known is None or wall <= known + AHEAD_MAX:
        return TimeToUse(wall)
    return TimeToUse(known, f"The clock says {utc_text(wall)}, but nothing was received after {utc_text(known)}.")


def behind(wall: datetime, known: datetime) -> str:
    """Return what speaks against a clock that is behind the known time."""
    return f"The clock says {utc_text(wall)}, but an upload was received at {utc_text(known)}."


def time_for_ages(now: datetime, newest_received_at: str) -> datetime:
    """Return the time by which ages are told: a clock far ahead of the newest upload of any kind tells none."""
    return min(now, datetime.fromisoformat(newest_received_at) + AHEAD_MAX)


def in_step_or_held(trusted: datetime, wall: datetime) -> TimeToUse:
    """Return the time of a clock that should say `trusted` by now."""
    if abs(wall - trusted) <= STEP_MAX:
        return TimeToUse(wall)
    return TimeToUse(
        trusted,
        f"The clock said {utc_text(wall)} when it should have been {utc_text(trusted)}, counted from the seconds since "
        "this machine started.",
    )


def newest_received(log: sqlite3.Connection) -> tuple[int, str] | None:
    """Return seq and time of the newest upload that was not imported."""
    last = "select seq, received_at from uploads where seq > ? and seq < ? order by seq desc limit 1"
    before = 2**62
    imports: list[tuple[int, int]] = []
    if log.execute("select 1 from sqlite_schema where name = 'imports'").fetchone():  # older logs have none
        imports = log.execute("select first_seq, last_seq from imports order by first_seq desc").fetchall()
    for first, end in [*imports, (0, 0)]:
        row: tuple[int, str] | None = log.execute(last, (end, before)).fetchone()
        if row:
            return row
        before = first
    return None


def write_state(folder: Path, trusted: datetime, reading: Reading) -> None:
    """Let other programs know what the receiver takes for the time.  Raise OSError."""
    _write(folder / STATE_NAME, _Note(trusted, reading.boot_seconds, reading.boot_id, 0))


def accept(folder: Path, reading: Reading, last_seq: int) -> None:
    """Record that the clock is right; uploads up to `last_seq` no longer count against it.  Raise OSError."""
    _write(folder / ACCEPTED_NAME, _Note(reading.wall, reading.boot_seconds, reading.boot_id, last_seq))


def accepted_at(folder: Path) -> datetime | None:
    """Return when the operator accepted the clock last, None if never."""
    accepted = _read(folder / ACCEPTED_NAME)
    return accepted and accepted.trusted


class _Note(NamedTuple):
    """That the time was `trusted` when the machine had run for so long."""

    trusted: datetime
    boot_seconds: float
    boot_id: str
    seq: int


def as_written(folder: Path, reading: Reading) -> TimeToUse | None:
    """Return the time by what was written last; None where that was too long ago: no receiver runs, or ran just now."""
    notes = [_read(folder / name) for name in (STATE_NAME, ACCEPTED_NAME)]
    passed = {
        reading.boot_seconds - note.boot_seconds: note
        for note in notes
        if note and note.boot_id == reading.boot_id and 0 <= reading.boot_seconds - note.boot_seconds <= _FRESH_SECONDS
    }
    if not passed:
        return None
    seconds = min(passed)
    return in_step_or_held(passed[seconds].trusted + timedelta(seconds=seconds), reading.wall)


def _write(path: Path, note: _Note) -> None:
    content = {**note._asdict(), "trusted": note.trusted.isoformat()}
    replace_durably(path, json.dumps(content).encode())
    owner = path.parent.stat()
    if os.geteuid() == 0:  # the operator may be root, and the receiver must read it
        os.chown(path, owner.st_uid, owner.st_gid)


def _read(path: Path) -> _Note | None:
    """Return what a file says; one that cannot be read says nothing."""
    try:
        content = json.loads(path.read_bytes())
        trusted = datetime.fromisoformat(content["trusted"])
        note = _Note(trusted, float(content["boot_seconds"]), str(content["boot_id"]), int(content["seq"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return note if trusted.tzinfo else None


def utc_text(moment: datetime) -> str:
    """Return a moment as the log writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
