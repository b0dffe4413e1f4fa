"""Group commit: uploads that arrive during one commit share the next.

They are collected on the event loop and passed to the thread together.  A thread that fetched them one by one would
spend more on the transfer (350 microseconds an upload) than on the log (20).
"""

import asyncio
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from connection.refusals import Busy, Refusal
from receiver import limits
from receiver.log.log import Log, Receipt
from receiver.metrics import Metrics
from receiver.refusals import DiskFull, LogUnavailable
from receiver.reports.report import Report
from trusted_time import utc_text

_Task = Callable[[Log], None]  # other work on the log, on its one connection
_Outcome = TypeVar("_Outcome")
_SEND_LATER = "Send this report again later."


@dataclass(frozen=True)
class _Waiting:
    report: Report
    network_tag: bytes | None
    durable: "asyncio.Future[Receipt]"


class Appender:
    """A thread that owns the log's connection.  Everything public is called from the event loop."""

    def __init__(
        self, log: Log, clock: Callable[[], datetime], stop_serving: Callable[[], None], metrics: Metrics
    ) -> None:
        """`stop_serving` is called once when the log cannot be written."""
        self._log = log
        self._clock = clock
        self._stop_serving = stop_serving
        self._metrics = metrics
        self._tasks: queue.SimpleQueue[list[_Waiting] | _Task | None] = queue.SimpleQueue()
        self._waiting: list[_Waiting] = []  # for the commit after the current one
        self._waiting_bytes = 0
        self._is_committing = False
        self._wal_bytes = 0
        self.waiting_count = 0  # including those of the current commit
        self.is_broken = False
        self._thread = threading.Thread(target=self._run, name="appender")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Commit the waiting uploads, then end the thread."""
        self._tasks.put(self._waiting)
        self._tasks.put(None)
        self._thread.join()

    def last_received_at(self) -> str:
        return self._log.last_received_at

    def is_blocked_by_reader(self) -> bool:
        """Return whether a reader that does not end keeps the WAL from being reused; if so, try to shorten it."""
        is_too_long = self._wal_bytes >= limits.WAL_BYTES_MAX
        if is_too_long:
            self._tasks.put(self._shorten_wal)
        return is_too_long

    async def append(self, report: Report, network_tag: bytes | None) -> Receipt:
        """Return once the upload would survive a power cut.  Raise Busy, DiskFull or LogUnavailable."""
        if self.is_broken:
            raise _unavailable()
        if self.is_blocked_by_reader():
            raise Busy("A reader is blocking the log.", "", _SEND_LATER)
        if self.waiting_count >= limits.WAITING_UPLOADS_MAX or self._waiting_bytes >= limits.WAITING_BYTES_MAX:
            raise Busy("Too many uploads are waiting.", "", _SEND_LATER)
        loop = asyncio.get_running_loop()
        durable: asyncio.Future[Receipt] = loop.create_future()
        self.waiting_count += 1
        self._waiting_bytes += len(report.body)
        self._waiting.append(_Waiting(report, network_tag, durable))
        if not self._is_committing:
            self._is_committing = True
            loop.call_soon(self._pass_batch)  # what else arrives in this turn of the loop joins in
        return await durable

    async def run(self, task: Callable[[Log], _Outcome]) -> _Outcome:
        """Do other work on the log, after every upload that is waiting now.  Raise as `append` does."""
        if self.is_broken:
            raise _unavailable()
        loop = asyncio.get_running_loop()
        done: asyncio.Future[_Outcome] = loop.create_future()

        def on_thread(log: Log) -> None:
            try:
                outcome = task(log)
            except sqlite3.Error as error:
                loop.call_soon_threadsafe(_fail, done, self._refusal_for(error))
            except Exception as error:
                loop.call_soon_threadsafe(_fail, done, error)
            else:
                loop.call_soon_threadsafe(_succeed, done, outcome)

        if self._waiting:
            self._tasks.put(self._waiting)
            self._waiting = []
        self._tasks.put(on_thread)
        return await done

    def _pass_batch(self) -> None:
        batch, self._waiting = self._waiting[: limits.BATCH_UPLOADS_MAX], self._waiting[limits.BATCH_UPLOADS_MAX :]
        self._tasks.put(batch)

    def _run(self) -> None:
        while (task := self._tasks.get()) is not None:
            if not isinstance(task, list):
                task(self._log)
            elif task:
                self._commit(task)
                self._checkpoint_when_due()

    def _commit(self, batch: list[_Waiting]) -> None:
        started = time.perf_counter()  # a stopwatch, not a clock
        now = self._clock()
        outcome: list[Receipt] | Refusal
        try:
            outcome = self._refuse_when_broken() or self._log.append(
                ((waiting.report, waiting.network_tag) for waiting in batch), utc_text(now)
            )
            self._metrics.count_commit(len(batch), time.perf_counter() - started, now.timestamp())
        except sqlite3.Error as error:
            outcome = self._refusal_for(error)
        batch[0].durable.get_loop().call_soon_threadsafe(self._settle, batch, outcome)

    def _settle(self, batch: list[_Waiting], outcome: list[Receipt] | Refusal) -> None:
        self.waiting_count -= len(batch)
        for place, waiting in enumerate(batch):
            self._waiting_bytes -= len(waiting.report.body)
            if waiting.durable.cancelled():  # the client left; its upload is stored all the same
                continue
            if isinstance(outcome, Refusal):
                waiting.durable.set_exception(outcome)
            else:
                waiting.durable.set_result(outcome[place])
        if self._waiting:
            self._pass_batch()
        else:
            self._is_committing = False

    def _checkpoint_when_due(self) -> None:
        try:
            if self._log.is_checkpoint_due(is_idle=not self._waiting):
                self._log.checkpoint()
                self._wal_bytes = self._log.wal_bytes()
        except sqlite3.Error as error:
            self._refusal_for(error)

    def _shorten_wal(self, log: Log) -> None:
        try:
            log.shorten_wal()
            self._wal_bytes = log.wal_bytes()
        except sqlite3.Error as error:
            self._refusal_for(error)

    def _refuse_when_broken(self) -> Refusal | None:
        return _unavailable() if self.is_broken else None

    def _refusal_for(self, error: sqlite3.Error) -> Refusal:
        if self._log.lacks_room(error):
            return DiskFull("No space is left for the log.", "", _SEND_LATER)
        name = getattr(error, "sqlite_errorname", "")
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            return Busy("The log is in use.", "", _SEND_LATER)
        # After a failed fsync a second attempt proves nothing: answer, then let a new process check the log.
        self.is_broken = True
        self._stop_serving()
        return _unavailable()


def _succeed(done: "asyncio.Future[_Outcome]", outcome: _Outcome) -> None:
    if not done.cancelled():
        done.set_result(outcome)


def _fail(done: "asyncio.Future[_Outcome]", error: Exception) -> None:
    if not done.cancelled():
        done.set_exception(error)


def _unavailable() -> LogUnavailable:
    return LogUnavailable("The log cannot be written.", "", _SEND_LATER)
