"""Installations that an attacker makes up."""

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from simulation.chance import new_uuid
from tests.privacy.model.world import World
from tests.transforms.simulated import Dated
from weeks import weeks_later

PER_NETWORK = 20  # newly established installations of one network and week that count
CORE = "3.12.0"

Report = dict[str, Any]


def report(plugins: Sequence[str], core_version: str = CORE) -> Report:
    """Return the report of a fake with these plugins."""
    return {"core_version": core_version, "plugins": [{"name": name, "version": "1.0.0"} for name in plugins]}


def uploads(world: World, reports: Sequence[Report], random: Random, weeks: int) -> Iterator[Dated]:
    """Yield what a fake for each report uploads in the last weeks; they come from as few networks as will do."""
    bodies = [{"uuid": new_uuid(random), **said} for said in reports]
    for week in range(1 - weeks, 1):
        day = weeks_later(world.last.week_start, week)
        tags = [f"{random.getrandbits(64):016x}" for _ in range(0, len(reports), PER_NETWORK)]
        for number, body in enumerate(bodies):
            yield f"{day}T12:00:00Z", body, tags[number // PER_NETWORK]
