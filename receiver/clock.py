"""The receiver's clock: the machine's, as long as it goes with the seconds that have passed (`trusted_time.py`)."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from trusted_time import (
    BEHIND_MAX,
    COMMAND,
    STATE_NAME,
    STEP_MAX,
    Reading,
    TimeToUse,
    accept,
    accepted_at,
    behind,
    held_if_ahead,
    in_step_or_held,
    write_state,
)

_LOOK_SECONDS = 5.0
_STATE_SECONDS = 3600.0
_RETRY_SECONDS = 60.0
_IN_STEP_SECONDS = 24 * 3600.0
_logger = logging.getLogger("receiver")


class TrustedClock:
    """Call it for the time to go by.  `doubt` says why that is not the machine's time; it is empty where it is."""

    def __init__(
        self, folder: Path, read: Callable[[], Reading], known: datetime | None, last_seq: Callable[[], int]
    ) -> None:
        """`known` is the latest time that is known to have been; `last_seq` returns the last seq of the log."""
        self._folder, self._read, self._known, self._last_seq = folder, read, known, last_seq
        reading = read()
        self._begin(reading)
        self._is_told = False
        self._is_failure_told = False
        self._accepted_at = accepted_at(folder)
        self._state_due = reading.boot_seconds

    def __call__(self) -> datetime:
        reading = self._read()
        if not self.doubt and abs(reading.wall - self._expected(reading)) <= STEP_MAX:
            return reading.wall  # as nearly always, and each upload asks
        return self._look(reading)

    @property
    def drift_seconds(self) -> float:
        """How far the machine's clock is ahead of the trusted time while it is in doubt; else 0."""
        return self._drift.total_seconds() if self.doubt else 0.0

    async def watch(self) -> None:
        """Notice steps without traffic, and what the operator says; keep the state on file.  Until cancelled."""
        while True:
            self.look_around()
            await asyncio.sleep(_LOOK_SECONDS)

    def look_around(self) -> None:
        """Take notice of the clocks and of the operator's word, and tell both the operator and other programs."""
        reading = self._read()
        accepted = accepted_at(self._folder)
        if accepted != self._accepted_at:
            self._trust(reading)
            self._accepted_at = accepted
        now = self._look(reading)
        is_new = bool(self.doubt) != self._is_told
        if is_new:
            self._is_told = bool(self.doubt)
            _logger.warning("%s", explained(self.doubt) if self.doubt else "The clock is trusted again.")
        if is_new or reading.boot_seconds >= self._state_due:
            if not self.doubt:
                self._trust(reading)  # small steps do not add up
            if not self._is_behind:  # then nothing is known that others do not know as well
                self._write_state(now, reading)

    def _begin(self, reading: Reading) -> None:
        """Hold the clock against what is known.  One that is behind that is looked at again when it no longer is."""
        time = held_if_ahead(self._known, reading.wall)
        if self._known and reading.wall < self._known - BEHIND_MAX:
            time = TimeToUse(self._known, behind(reading.wall, self._known))
        self.doubt = time.doubt
        self._is_behind = time.now > reading.wall
        self._trusted, self._boot_seconds = time.now, reading.boot_seconds
        self._drift, self._drift_since = reading.wall - time.now, reading.boot_seconds

    def _look(self, reading: Reading) -> datetime:
        if self._is_behind and self._known and reading.wall >= self._known - BEHIND_MAX:
            self._begin(reading)
        expected = self._expected(reading)
        time = in_step_or_held(expected, reading.wall)
        if not time.doubt:
            self.doubt = ""
            return reading.wall
        drift = reading.wall - expected
        if not self.doubt or abs(drift - self._drift) > STEP_MAX:
            self._drift, self._drift_since = drift, reading.boot_seconds
        self.doubt = self.doubt or time.doubt
        if reading.boot_seconds - self._drift_since < _IN_STEP_SECONDS:
            return time.now
        self._trust(reading)
        self._accept(reading)
        return reading.wall

    def _expected(self, reading: Reading) -> datetime:
        return self._trusted + timedelta(seconds=reading.boot_seconds - self._boot_seconds)

    def _trust(self, reading: Reading) -> None:
        self._trusted, self._boot_seconds, self.doubt = reading.wall, reading.boot_seconds, ""

    def _accept(self, reading: Reading) -> None:
        """Remember after a restart too that a day has passed in which the two clocks went alike."""
        try:
            accept(self._folder, reading, self._last_seq())
        except OSError as error:
            _logger.warning("%s: %s", error.filename, error.strerror)
        self._accepted_at = accepted_at(self._folder)

    def _write_state(self, now: datetime, reading: Reading) -> None:
        try:
            write_state(self._folder, now, reading)
        except OSError as error:
            if not self._is_failure_told:
                what = "%s cannot be written: %s. Until it can, a refresh goes by the machine's clock."
                _logger.warning(what, self._folder / STATE_NAME, error.strerror)
            self._is_failure_told = True
            self._state_due = reading.boot_seconds + _RETRY_SECONDS
        else:
            self._is_failure_told = False
            self._state_due = reading.boot_seconds + _STATE_SECONDS


def explained(doubt: str) -> str:
    """Return what a doubt about the clock means for the operator."""
    return (
        f"{doubt} Uploads are stored with the second of these times, and what has passed since. No week is closed and "
        "no report is deleted for its age. If the clock is wrong, correct it. If it is right, say so: "
        f"`{COMMAND} --accept`. Otherwise this ends 24 hours after the last step."
    )
