"""What a scenario is: given a week, the uploads it makes in it."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from random import Random
from typing import Any, ClassVar, NamedTuple

import orjson

from simulation.history.releases import Release, Releases
from simulation.installations.installation import Life

FIRST_NETWORK = 1 << 40  # beyond every network of the honest
DAY_SECONDS = 86_400


class Hostile(NamedTuple):
    """One upload of a scenario, `second` seconds after its week's Monday 00:00 UTC."""

    second: int
    uuid: str
    configuration: bytes
    network: int
    scenario: str


@dataclass(frozen=True)
class Plan:
    """What a scenario is told of its community; a day is `date.toordinal()`."""

    seed: int
    weeks: int
    first_day: int


class Scenario(ABC):
    """One kind of trouble.  It draws from a chance of its own, so that the honest are the same with and without it."""

    name: ClassVar[str]
    weeks_long: ClassVar[int] = 1

    def __init__(self, plan: Plan) -> None:
        self.random = Random(f"{plan.seed}/{self.name}")
        self.life = Life(1000, plan.first_day, self.random)
        self._plan = plan
        # In the middle, so that there is a time before and one after to compare with.
        self.begins_in = max(0, min(plan.weeks // 2, plan.weeks - self.weeks_long))
        self.network = FIRST_NETWORK + self.random.getrandbits(32) * 1000

    def uploads(self, week: int) -> list[Hostile]:
        """Return what it uploads in that week, in any order: nothing but in its `weeks_long` weeks."""
        return self.strike(week) if self.begins_in <= week < self.begins_in + self.weeks_long else []

    @abstractmethod
    def strike(self, week: int) -> list[Hostile]:
        """Return the uploads of one of its weeks."""

    def newest(self, week: int) -> Release:
        """Return the newest release at the beginning of that week."""
        return Releases().newest(self._plan.first_day + 7 * week)

    def second(self, day: int, first_hour: float, last_hour: float) -> int:
        """Return a moment on that day of the week (0 for Monday) between two hours UTC; hours may pass 24."""
        hours = first_hour + (last_hour - first_hour) * self.random.random()
        return day * DAY_SECONDS + int(hours * 3600)

    def hostile(self, second: int, uuid: str, configuration: bytes, network: int) -> Hostile:
        return Hostile(second, uuid, configuration, network, self.name)


def configuration(report: dict[str, Any]) -> bytes:
    """Return a report as compact JSON without its opening brace, so that a uuid can be put before it."""
    return orjson.dumps(report)[1:]
