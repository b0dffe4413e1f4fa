"""Draws that several modules need, from a `random.Random` that is handed in: the same seed, the same community."""

import math
from bisect import bisect_right
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


class Weighted(Generic[T]):
    """Values with shares of any sum, drawn in proportion."""

    def __init__(self, shares: list[tuple[T, float]]) -> None:
        self._values = [value for value, _ in shares]
        self._ends = list(accumulate(share for _, share in shares))

    def at(self, quantile: float) -> T:
        """Return the value at a quantile from 0 up to 1."""
        return self._values[min(bisect_right(self._ends, quantile * self._ends[-1]), len(self._values) - 1)]

    def draw(self, random: Random) -> T:
        return self.at(random.random())


def weeks_until(random: Random, chance_a_week: float) -> int:
    """Return after how many weeks, at least one, a thing happens that has this chance each week."""
    return 1 + int(math.log(1.0 - random.random()) / math.log(1.0 - chance_a_week))


def between(random: Random, least: float, most: float) -> float:
    """Return a number from `least` to `most`, all alike."""
    return least + (most - least) * random.random()


def log_between(random: Random, least: int, most: int) -> int:
    """Return a whole number from `least` to `most`, small ones more often, as sizes of installations are."""
    low, high = math.log(least + 1), math.log(most + 2)
    return min(most, max(least, int(math.exp(between(random, low, high))) - 1))


def new_uuid(random: Random) -> str:
    """Return a random uuid (version 4), as the sender makes one for itself."""
    digits = f"{random.getrandbits(128) & ~(0xF << 76) & ~(0x3 << 62) | (4 << 76) | (2 << 62):032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
