"""What the receiver does every hour, and once a day: old salts go, and what is erased or too old leaves the log."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from receiver import limits, purging
from receiver.appender import Appender
from receiver.log import Log
from receiver.meter import Meter
from receiver.refusals import Refusal
from receiver.rule_lines import forget_erased
from receiver.tags import NetworkTags
from receiver.tombstones import Tombstones
from settings import Settings

_logger = logging.getLogger("receiver")


@dataclass
class Housekeeping:
    """The purge runs once a day (UTC), at midnight or when the receiver starts, between one upload and the next."""

    appender: Appender
    tags: NetworkTags
    tombstones: Tombstones
    settings: Settings
    meter: Meter
    clock: Callable[[], datetime]
    _done_on: date | None = field(default=None, init=False)

    async def run(self) -> None:
        """Keep house for ever."""
        while True:
            try:
                self.tags.destroy_old(self.clock())
            except OSError as error:
                _logger.warning("A salt of an old week could not be destroyed: %s", error.strerror)
            await self.purge_when_due()
            await asyncio.sleep(self._seconds_to_the_next_hour())

    def _seconds_to_the_next_hour(self) -> float:
        now = self.clock()
        return 3600.0 - (now.minute * 60 + now.second)

    async def purge_when_due(self) -> None:
        """Purge if that was not done today.  What fails is tried again at the next call."""
        now = self.clock()
        if self._done_on == now.date():
            return
        try:
            if await self._purge(now):
                self._done_on = now.date()
                self.meter.note_purge(now.timestamp())
                return
            _logger.warning("The purge waits for a reader of the log to end its transaction.")
        except Refusal as refusal:
            _logger.warning("The purge is put off. %s", refusal.what)
        except OSError as error:
            _logger.warning("The purge is put off: %s: %s", error.filename, error.strerror)

    async def _purge(self, now: datetime) -> bool:
        forget_erased(self.settings.rules, self.tombstones.__contains__)
        days = self.settings.retention_days
        kept = await asyncio.to_thread(purging.kept_in_history, self.settings.history)
        await self.appender.run(lambda log: purging.record_retention(log, kept, days, now))
        while uploads := await self.appender.run(purging.delete_slice):
            self.meter.count_purged(uploads)
        for _ in range(limits.PURGE_TRIES_MAX):
            if await self.appender.run(lambda log: purging.finish(log, now)):
                return True
            await asyncio.sleep(limits.PURGE_WAIT_SECONDS)
        return False


def purge_now(log: Log, tombstones: Tombstones, settings: Settings, now: datetime) -> int:
    """Do the same in a command, while no receiver runs; return how many uploads were deleted.

    Raise TimeoutError when a reader keeps the WAL, OSError or sqlite3.Error.
    """
    forget_erased(settings.rules, tombstones.__contains__)
    purging.record_retention(log, purging.kept_in_history(settings.history), settings.retention_days, now)
    uploads = 0
    while deleted := purging.delete_slice(log):
        uploads += deleted
    if not purging.finish(log, now):
        raise TimeoutError(0, "a reader has the log open; end it and try again", str(settings.log))
    return uploads
