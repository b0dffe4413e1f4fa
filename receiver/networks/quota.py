"""How much may be sent: by one network, in memory only, and by all together, measured by the free disk."""

import hashlib
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import inf

from connection.limits import BODY_BYTES_MAX
from receiver import limits
from receiver.refusals import TooMany


@dataclass(slots=True)
class _Bucket:
    """What may still be sent at once; it fills again as time passes."""

    left: float = inf  # at first, all that it holds
    at_seconds: float = 0.0  # when `left` was computed

    def take(self, amount: int, capacity: float, fill_seconds: float, seconds: float) -> float:
        """Take `amount` at the time `seconds` and return 0, or return in how many seconds it will be there."""
        refill = max(0.0, seconds - self.at_seconds) * capacity / fill_seconds
        self.left = min(capacity, self.left + refill)
        self.at_seconds = seconds
        if self.left < amount:
            return fill_seconds * (amount - self.left) / capacity
        self.left -= amount
        return 0.0


@dataclass(slots=True)
class _Use:
    bucket: _Bucket
    used_today: int = 0


class Quota:
    """Networks, hashed with a new salt each day, so that a copy of the memory names nobody.

    A bucket that fills with so much a minute, and a count for the day.
    """

    def __init__(
        self,
        what: str,
        a_minute: int,
        a_day: int,
        at_once: int | None = None,
        draw_salt: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        """`what` is counted, in the words of the refusal, such as "uploads"; all of a minute's may come `at_once`."""
        self._what, self._a_minute, self._a_day = what, a_minute, a_day
        self._at_once = at_once or a_minute
        self._fill_seconds = 60 * self._at_once / a_minute
        self._draw_salt = draw_salt
        self._day: date | None = None
        self._salt = b""
        self._uses: OrderedDict[bytes, _Use] = OrderedDict()

    def admit(self, network: bytes, now: datetime, amount: int = 1) -> int:
        """Count what `network` sends, and return how much that is today.  Raise TooMany; it is not counted then."""
        if now.date() != self._day:
            self._day, self._salt = now.date(), self._draw_salt(32)
            self._uses.clear()
        use = self._use_of(self._key_of(network))
        if use.used_today + amount > self._a_day:
            midnight = datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)
            raise _too_many(f"{self._a_day:,} {self._what} a day", (midnight - now).total_seconds())
        if wait := use.bucket.take(amount, self._at_once, self._fill_seconds, now.timestamp()):
            at_once = "" if self._at_once == self._a_minute else f", {self._at_once:,} at once,"
            raise _too_many(f"{self._a_minute:,} {self._what} a minute{at_once}", wait)
        use.used_today += amount
        return use.used_today

    def give_back(self, network: bytes, amount: int) -> None:
        """Do not count what was admitted just before and is not accepted after all."""
        use = self._use_of(self._key_of(network))
        use.bucket.left += amount
        use.used_today -= amount

    def _key_of(self, network: bytes) -> bytes:
        return hmac.digest(self._salt, network, hashlib.sha256)

    def _use_of(self, key: bytes) -> _Use:
        use = self._uses.get(key)
        if use is None:
            if len(self._uses) >= limits.NETWORKS_MAX:
                self._uses.popitem(last=False)
            use = self._uses[key] = _Use(_Bucket())
        self._uses.move_to_end(key)
        return use


class DiskBudget:
    """What all networks together may add to the log: the free disk, spread over DISK_DAYS_MIN days.

    A bucket that holds an hour's share, or the largest report where that is more.  What a network sends first on a day,
    NETWORK_BYTES_SURE, is not taken from it: a flood uses up its own room and leaves that of others alone.
    """

    def __init__(self, free_bytes: Callable[[], int]) -> None:
        self._free_bytes = free_bytes
        self._bucket = _Bucket()

    def admit(self, amount: int, sent_today: int, now: datetime) -> None:
        """Count `amount` bytes of a network that has sent `sent_today` with them.  Raise TooMany."""
        if sent_today <= limits.NETWORK_BYTES_SURE:
            return
        share = max(1.0, self._free_bytes() / limits.DISK_DAYS_MIN / 24)
        capacity = max(share, BODY_BYTES_MAX)
        if wait := self._bucket.take(amount, capacity, 3600 * capacity / share, now.timestamp()):
            raise TooMany(
                "All networks together send more than the disk has room for.",
                "",
                f"The first {limits.NETWORK_BYTES_SURE:,} bytes a day of each network are accepted; try again later.",
                wait_seconds=min(int(wait) + 1, 24 * 3600),
            )


def _too_many(bound: str, wait_seconds: float) -> TooMany:
    return TooMany(
        "Too many requests from your network.",
        "",
        f"At most {bound} are accepted from one network; try again later.",
        wait_seconds=int(wait_seconds) + 1,
    )
