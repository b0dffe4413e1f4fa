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

_REFILL_A_SECOND = limits.NETWORK_UPLOADS_A_MINUTE / 60


@dataclass
class _Use:
    left_this_minute: float
    at_seconds: float  # when that was
    used_today: int


class Quota:
    """Networks under a key that is drawn anew each day, so that a copy of the memory names nobody."""

    def __init__(self, draw_salt: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self._draw_salt = draw_salt
        self._day: date | None = None
        self._salt = b""
        self._uses: OrderedDict[bytes, _Use] = OrderedDict()

    def admit(self, network: bytes, now: datetime) -> None:
        """Count an upload of `network`.  Raise TooMany, which is not counted."""
        if now.date() != self._day:
            self._day, self._salt = now.date(), self._draw_salt(32)
            self._uses.clear()
        use = self._use_of(hmac.digest(self._salt, network, hashlib.sha256), now.timestamp())
        if use.used_today >= limits.NETWORK_UPLOADS_A_DAY:
            midnight = datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)
            raise _too_many(f"{limits.NETWORK_UPLOADS_A_DAY} uploads a day", (midnight - now).total_seconds())
        if use.left_this_minute < 1:
            wait = (1 - use.left_this_minute) / _REFILL_A_SECOND
            raise _too_many(f"{limits.NETWORK_UPLOADS_A_MINUTE} uploads a minute", wait)
        use.left_this_minute -= 1
        use.used_today += 1

    def _use_of(self, key: bytes, seconds: float) -> _Use:
        use = self._uses.get(key)
        if use is None:
            if len(self._uses) >= limits.NETWORKS_MAX:
                self._uses.popitem(last=False)
            use = self._uses[key] = _Use(limits.NETWORK_UPLOADS_A_MINUTE, seconds, 0)
        self._uses.move_to_end(key)
        refill = max(0.0, seconds - use.at_seconds) * _REFILL_A_SECOND
        use.left_this_minute = min(limits.NETWORK_UPLOADS_A_MINUTE, use.left_this_minute + refill)
        use.at_seconds = seconds
        return use


def _too_many(bound: str, wait_seconds: float) -> TooMany:
    return TooMany(
        "Your network has sent too much.",
        "",
        f"At most {bound} are taken from one network; send this report again later.",
        wait_seconds=int(wait_seconds) + 1,
    )
