"""One upload of the community, as the line of a file and as the body of a request."""

from datetime import date
from functools import cache
from typing import NamedTuple

EPOCH = date(1970, 1, 1).toordinal()
_MINUTES = [f"T{minute // 60:02}:{minute % 60:02}:" for minute in range(1440)]
_SECONDS = [f"{second:02}Z" for second in range(60)]


@cache
def _day_text(day: int) -> str:
    return date.fromordinal(EPOCH + day).isoformat()


def instant_text(seconds: int) -> str:
    """Return an instant in seconds since 1970 as "2026-01-05T00:00:00Z"; tables, as there are millions to write."""
    day, second = divmod(seconds, 86_400)
    return _day_text(day) + _MINUTES[second // 60] + _SECONDS[second % 60]


class Upload(NamedTuple):
    """One upload.  `received_at` in seconds since 1970; `configuration` is the report's JSON after its uuid."""

    received_at: int
    uuid: str
    configuration: bytes
    network_tag: str
    scenario: str  # empty for an honest one

    def body(self) -> bytes:
        """Return the report as the sender posts it."""
        return b'{"uuid":"%b",%b' % (self.uuid.encode(), self.configuration)

    def line(self) -> bytes:
        """Return the upload as `make import-log` reads it, with its line feed."""
        instant = instant_text(self.received_at)
        head = f'{{"received_at":"{instant}","network_tag":"{self.network_tag}","body":{{"uuid":"{self.uuid}",'
        return b"%b%b}\n" % (head.encode(), self.configuration)
