"""Which network an installation sends from, and the weekly tag the receiver would keep of it.

The receiver's tag is an HMAC with a random salt that is destroyed soon after the week; this one takes its salt from
the seed instead, so that the same seed gives the same bytes.  It says as much: these came from one place this week.
"""

from hashlib import blake2b
from random import Random

from simulation.tables import rates


def weekly_salt(seed: int, week: int) -> bytes:
    """Return the salt of a week (counted from the first one)."""
    return blake2b(b"%d/%d" % (seed, week)).digest()


def network_tag(salt: bytes, network: int) -> str:
    """Return the tag, 16 hex digits, of a network (any number) under a week's salt."""
    return blake2b(b"%d" % network, digest_size=8, key=salt).hexdigest()


class Networks:
    """Deals networks out to installations: to most their own, to some one they share with a few others."""

    def __init__(self, installations: int) -> None:
        rate = rates()
        self._shared = rate["shares_network"]
        self._pool = max(1, int(installations * self._shared / rate["network_members"]))
        self._next = self._pool

    def draw(self, random: Random) -> int:
        if random.random() < self._shared:
            return int(random.random() * self._pool)
        self._next += 1
        return self._next
