"""Group commit: uploads that wait while one commit is under way share the next one."""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable

from receiver import limits
from receiver.log import Log, Receipt
from receiver.refusals import Busy, DiskFull, LogUnavailable, Refusal
from receiver.report import Report

_Waiting = tuple[Report, "asyncio.Future[Receipt]"]


class Appender:
    """A thread that owns the log's connection.  `append` is called from the event loop."""

    def __init__(self, log: Log, clock: Callable[[], str], stop_serving: Callable[[], None]) -> None:
        """`clock` gives the time as in `received_at`; `stop_serving` is called once when the log cannot be written."""
        self._log = log
        self._clock = clock
        self._stop_serving = stop_serving
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._is_broken = False
        self._thread = threading.Thread(target=self._run, name="appender")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Commit what waits, then end the thread."""
        self._queue.put(None)
        self._thread.join()

    async def append(self, report: Report) -> Receipt:
        """Return once the upload would survive a power cut.  Raise Busy, DiskFull or LogUnavailable."""
        if self._is_broken:
            raise _unavailable()
        if self._queue.qsize() >= limits.WAITING_UPLOADS_MAX:
            raise Busy("Too many uploads are waiting.", "", "Send this report again later.")
        durable: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        self._queue.put((report, durable))
        return await durable

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            batch = [first]
            while len(batch) < limits.BATCH_UPLOADS_MAX and not self._queue.empty():
                following = self._queue.get()
                if following is None:
                    self._queue.put(None)
                    break
                batch.append(following)
            self._commit(batch)

    def _commit(self, batch: list[_Waiting]) -> None:
        loop = batch[0][1].get_loop()
        outcome: list[Receipt] | Refusal
        try:
            outcome = self._refuse_when_broken() or self._log.append((report for report, _ in batch), self._clock())
        except sqlite3.Error as error:
            outcome = self._refusal_for(error)
        loop.call_soon_threadsafe(_settle, batch, outcome)

    def _refuse_when_broken(self) -> Refusal | None:
        return _unavailable() if self._is_broken else None

    def _refusal_for(self, error: sqlite3.Error) -> Refusal:
        if getattr(error, "sqlite_errorname", "") == "SQLITE_FULL":
            return DiskFull("No space is left for the log.", "", "Send this report again later.")
        # After a failed fsync a second try proves nothing: answer, then leave it to a fresh process to look.
        self._is_broken = True
        self._stop_serving()
        return _unavailable()


def _unavailable() -> LogUnavailable:
    return LogUnavailable("The log cannot be written.", "", "Send this report again later.")


def _settle(batch: list[_Waiting], outcome: list[Receipt] | Refusal) -> None:
    for place, (_, durable) in enumerate(batch):
        if durable.cancelled():  # the client went away; its upload is kept all the same
            continue
        if isinstance(outcome, Refusal):
            durable.set_exception(outcome)
        else:
            durable.set_result(outcome[place])
