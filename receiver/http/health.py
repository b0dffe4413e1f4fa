"""Whether the receiver lives, and whether it should be sent uploads."""

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from receiver import limits
from receiver.log.appender import Appender
from receiver.refusals import NotReady


class Health:
    """What `/livez` and `/readyz` look at."""

    def __init__(self, appender: Appender, folder: Path, clock: Callable[[], datetime]) -> None:
        self._appender = appender
        self._folder = folder
        self._clock = clock

    def require_alive(self) -> None:
        """Raise NotReady when only a restart can help."""
        if self._appender.is_broken:
            raise NotReady("The log cannot be written.", "", "Look at the receiver's log; it is about to end.")

    def require_ready(self) -> None:
        """Raise NotReady with every reason why uploads should go elsewhere or wait."""
        self.require_alive()
        if reasons := [*self._reasons()]:
            raise NotReady(
                " ".join(reasons), "", "Uploads are taken as long as they can be kept; see docs/receiver.md."
            )

    def _reasons(self) -> Iterator[str]:
        disk = shutil.disk_usage(self._folder)
        floor = min(int(disk.total * limits.FREE_SHARE_MIN), limits.FREE_BYTES_MIN)
        if disk.free < floor:
            yield f"The disk is nearly full: {disk.free} bytes are free, {floor} are wanted."
        latest = self._appender.last_received_at()
        bound = timedelta(seconds=limits.CLOCK_SECONDS_BEHIND_MAX)
        if latest and self._clock() < datetime.fromisoformat(latest) - bound:
            yield f"The clock is more than an hour behind the last upload ({latest})."
        if self._appender.is_held_up():
            yield "A reader keeps the log's WAL from being used again; end its transaction."
