"""What the receiver does every hour and every night: destroy old salts, delete what is erased or too old."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol, TypeVar

from checksums import DamagedFileError, UnreadableFileError
from connection.refusals import Refusal
from receiver import limits
from receiver.erasure import purging
from receiver.erasure.erasures import Erasures
from receiver.log.appender import Appender
from receiver.log.log import Log
from receiver.metrics import Metrics
from receiver.networks.network_tags import NetworkTags
from settings import Settings
from vocabulary.rules import forget_erased

_Outcome = TypeVar("_Outcome")
_logger = logging.getLogger("receiver")


class _OnLog(Protocol):
    """Calls a function with the log and returns what it returns."""

    def __call__(self, task: Callable[[Log], _Outcome], /) -> Awaitable[_Outcome]: ...


@dataclass
class NightlyMaintenance:
    """The purge runs once a day (UTC), at midnight or when the receiver starts, between uploads."""

    appender: Appender
    tags: NetworkTags
    erasures: Erasures
    settings: Settings
    retention_days: Callable[[], int]  # 0 while nothing may be deleted for its age
    metrics: Metrics
    clock: Callable[[], datetime]
    failure: str = field(default="", init=False)  # why the last run failed, in a few words; empty if it did not
    _done_on: date | None = field(default=None, init=False)

    async def run(self) -> None:
        """Run until cancelled.  Whatever goes wrong is tried again within an hour."""
        while True:
            self.failure = ""
            try:
                await self._run_once()
            except Exception as error:  # salts and erased reports must go, whatever fails today
                self.failure = f"{type(error).__name__}: {error}"
                self.metrics.count_maintenance_failure()
                _logger.error("The hourly maintenance failed (%s). It is tried again within an hour.", self.failure)
            await asyncio.sleep(self._seconds_to_the_next_hour())

    async def _run_once(self) -> None:
        try:
            self.tags.destroy_old(self.clock())
        except OSError as error:
            _logger.warning("A salt of an old week could not be destroyed: %s", error.strerror)
        await self.purge_when_due()

    def _seconds_to_the_next_hour(self) -> float:
        now = self.clock()
        return 3600.0 - (now.minute * 60 + now.second)

    async def purge_when_due(self) -> None:
        """Purge unless that was done today.  A failure is tried again at the next call."""
        now = self.clock()
        if self._done_on == now.date():
            return
        try:
            if await self._purge(now):
                self._done_on = now.date()
                self.metrics.note_purge(now.timestamp())
                return
            self._tell("a reader is blocking the purge of the log")
        except Refusal as refusal:
            self._tell(f"the purge is postponed: {refusal.what}")
        except OSError as error:
            self._tell(f"the purge is postponed: {error.filename}: {error.strerror}")

    def _tell(self, failure: str) -> None:
        self.failure = failure
        _logger.warning("The hourly maintenance: %s. It is tried again within an hour.", failure.rstrip("."))

    async def _purge(self, now: datetime) -> bool:
        purge = _Purge(
            self.appender.run,
            self.erasures,
            self.settings,
            self.retention_days(),
            self.metrics.count_purged,
            self._tell,
        )
        return await purge.run(now, limits.PURGE_TRIES_MAX)


def purge_now(log: Log, erasures: Erasures, settings: Settings, retention_days: int, now: datetime) -> int:
    """Purge in a command, while no receiver runs; return how many uploads were deleted.

    `retention_days` 0 deletes none for its age.

    Raise TimeoutError when a reader is blocking the WAL, OSError or sqlite3.Error.
    """
    deleted: list[int] = []

    async def on_log(task: Callable[[Log], _Outcome], /) -> _Outcome:
        return task(log)

    if not asyncio.run(_Purge(on_log, erasures, settings, retention_days, deleted.append, _warn).run(now, tries=1)):
        raise TimeoutError(0, "a reader is blocking the log; end it and try again", str(settings.log))
    return sum(deleted)


def _warn(sentence: str) -> None:
    _logger.warning("%s", sentence)


@dataclass(frozen=True)
class _Purge:
    """A purge: recorded, deleted slice by slice, until no byte is left."""

    on_log: _OnLog
    erasures: Erasures
    settings: Settings
    retention_days: int
    count: Callable[[int], None]
    tell: Callable[[str], None]  # what keeps old reports from being deleted, while the erased go

    async def run(self, now: datetime, tries: int) -> bool:
        """Return False when a reader is blocking the log at every attempt."""
        await asyncio.to_thread(forget_erased, self.settings.rules, self.erasures.__contains__)
        reach = await asyncio.to_thread(self._reach)
        await self.on_log(lambda log: purging.record_retention(log, reach, self.retention_days, now))
        while uploads := await self.on_log(purging.delete_slice):
            self.count(uploads)
        for attempt in range(tries):
            if attempt:
                await asyncio.sleep(limits.PURGE_WAIT_SECONDS)
            if await self.on_log(lambda log: purging.finish(log, now)):
                return True
        return False

    def _reach(self) -> tuple[int, str] | None:
        try:
            return purging.reach_of_history(self.settings.history)
        except (DamagedFileError, UnreadableFileError) as error:
            self.tell(str(error))
            return None
