"""How much may be sent: by one network, in memory only, and by all together, measured by the free disk."""

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
    """Networks, hashed with a new salt each day, so that a copy of the memory names nobody.

    A bucket for the minute and a count for the day.
    """

    def __init__(
        self, what: str, a_minute: int, a_day: int, draw_salt: Callable[[int], bytes] = secrets.token_bytes
    ) -> None:
        """`what` is counted, in the words of the refusal, such as "uploads"."""
        self._what, self._a_minute, self._a_day = what, a_minute, a_day
        self._draw_salt = draw_salt
        self._day: date | None = None
        self._salt = b""
        self._uses: OrderedDict[bytes, _Use] = OrderedDict()

    def admit(self, network: bytes, now: datetime, amount: int = 1) -> int:
        """Count what `network` sends, and return how much that is today.  Raise TooMany; it is not counted then."""
        if now.date() != self._day:
            self._day, self._salt = now.date(), self._draw_salt(32)
            self._uses.clear()
        use = self._use_of(hmac.digest(self._salt, network, hashlib.sha256), now.timestamp())
        if use.used_today + amount > self._a_day:
            midnight = datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)
            raise _too_many(f"{self._a_day:,} {self._what} a day", (midnight - now).total_seconds())
        if use.left_this_minute < amount:
            wait = (amount - use.left_this_minute) * 60 / self._a_minute
            raise _too_many(f"{self._a_minute:,} {self._what} a minute", wait)
        use.left_this_minute -= amount
        use.used_today += amount
        return use.used_today

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


class DiskBudget:
    """What all networks together may add to the log: the free disk, spread over DISK_DAYS_MIN days.

    A bucket that holds an hour's share.  What a network sends first on a day, NETWORK_BYTES_SURE, is not taken from
    it: a flood uses up its own room and leaves that of others alone.
    """

    def __init__(self, free_bytes: Callable[[], int]) -> None:
        self._free_bytes = free_bytes
        self._left: float | None = None
        self._at_seconds = 0.0

    def admit(self, amount: int, sent_today: int, now: datetime) -> None:
        """Count `amount` bytes of a network that has sent `sent_today` with them.  Raise TooMany."""
        if sent_today <= limits.NETWORK_BYTES_SURE:
            return
        seconds = now.timestamp()
        an_hour = self._free_bytes() / limits.DISK_DAYS_MIN / 24
        left = an_hour if self._left is None else self._left
        self._left = min(an_hour, left + max(0.0, seconds - self._at_seconds) * an_hour / 3600)
        self._at_seconds = seconds
        if self._left < amount:
            wait = 3600 * (amount - self._left) / max(an_hour, 1.0)
            raise TooMany(
                "All networks together send more than the disk has room for.",
                "",
                f"The first {limits.NETWORK_BYTES_SURE:,} bytes a day of each network are accepted; try again later.",
                wait_seconds=min(int(wait) + 1, 24 * 3600),
            )
        self._left -= amount


def _too_many(bound: str, wait_seconds: float) -> TooMany:
    return TooMany(
        "Too many requests from your network.",
        "",
        f"At most {bound} are accepted from one network; try again later.",
        wait_seconds=int(wait_seconds) + 1,
    )
