"""How much one network may send: a bucket for the minute and a count for the day, in memory only."""

import hashlib
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from receiver import limits
from receiver.refusals import TooMany


@dataclass
class _Use:
    left_this_minute: float
    at_seconds: float  # when `left_this_minute` was computed
    used_today: int


class Quota:
    """Networks, hashed with a new salt each day, so that a copy of the memory names nobody."""

    def __init__(
        self,
        draw_salt: Callable[[int], bytes] = secrets.token_bytes,
        *,
        what: str = "uploads",
        a_minute: int = limits.NETWORK_UPLOADS_A_MINUTE,
        a_day: int = limits.NETWORK_UPLOADS_A_DAY,
    ) -> None:
        self._draw_salt = draw_salt
        self._what, self._a_minute, self._a_day = what, a_minute, a_day
        self._day: date | None = None
        self._salt = b""
        self._uses: OrderedDict[bytes, _Use] = OrderedDict()

    def admit(self, network: bytes, now: datetime) -> None:
        """Count a request of `network`.  Raise TooMany; a refused request is not counted."""
        if now.date() != self._day:
            self._day, self._salt = now.date(), self._draw_salt(32)
            self._uses.clear()
        use = self._use_of(hmac.digest(self._salt, network, hashlib.sha256), now.timestamp())
        if use.used_today >= self._a_day:
            midnight = datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)
            raise _too_many(f"{self._a_day} {self._what} a day", (midnight - now).total_seconds())
        if use.left_this_minute < 1:
            wait = (1 - use.left_this_minute) * 60 / self._a_minute
            raise _too_many(f"{self._a_minute} {self._what} a minute", wait)
        use.left_this_minute -= 1
        use.used_today += 1

    def _use_of(self, key: bytes, seconds: float) -> _Use:
        use = self._uses.get(key)
        if use is None:
            if len(self._uses) >= limits.NETWORKS_MAX:
                self._uses.popitem(last=False)
            use = self._uses[key] = _Use(self._a_minute, seconds, 0)
        self._uses.move_to_end(key)
        refill = max(0.0, seconds - use.at_seconds) * self._a_minute / 60
        use.left_this_minute = min(self._a_minute, use.left_this_minute + refill)
        use.at_seconds = seconds
        return use


def _too_many(bound: str, wait_seconds: float) -> TooMany:
    return TooMany(
        "Too many requests from your network.",
        "",
        f"At most {bound} are accepted from one network; try again later.",
        wait_seconds=int(wait_seconds) + 1,
    )
