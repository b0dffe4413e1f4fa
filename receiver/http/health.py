"""`GET /livez` and `GET /readyz`: whether the receiver is alive, and whether it should get uploads."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from files import free_bytes, reserve_bytes
from receiver import limits
from receiver.answers import answer
from receiver.log.appender import Appender
from receiver.refusals import NotReady


class Health:
    """What `/livez` and `/readyz` check."""

    def __init__(
        self,
        appender: Appender,
        folder: Path,
        clock: Callable[[], datetime],
        warnings: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        """`warnings` returns what the operator should know though uploads are welcome, each a sentence or two."""
        self._appender = appender
        self._folder = folder
        self._clock = clock  # the machine's
        self._warnings = warnings

    async def answer_live(self, _: Request) -> Response:
        """Answer `GET /livez`.  Raise NotReady when only a restart can help."""
        self._require_alive()
        return answer({"status": "live"})

    async def answer_ready(self, _: Request) -> Response:
        """Answer `GET /readyz`.  Raise NotReady with every reason why uploads should go elsewhere or wait."""
        self._require_alive()
        if reasons := [*self._reasons()]:
            raise NotReady(
                " ".join(reasons), "", "Uploads are accepted as long as they can be stored; see docs/receiver.md."
            )
        warnings = list(self._warnings())
        return answer({"status": "ready", **({"warnings": warnings} if warnings else {})})

    def _require_alive(self) -> None:
        if self._appender.is_broken:
            raise NotReady("The log cannot be written.", "", "Read the receiver's error output; it is about to stop.")

    def _reasons(self) -> Iterator[str]:
        free, reserve = free_bytes(self._folder), reserve_bytes(self._folder)
        if free < reserve:
            yield f"The disk is nearly full: {free} bytes are free, {reserve} are needed."
        latest = self._appender.last_received_at()
        bound = timedelta(seconds=limits.CLOCK_SECONDS_BEHIND_MAX)
        if latest and self._clock() < datetime.fromisoformat(latest) - bound:
            yield f"The clock is more than an hour behind the last upload ({latest}). Correct it."
        if self._appender.is_blocked_by_reader():
            yield "A reader is blocking the log: its WAL cannot be reused. End the reader's transaction."
