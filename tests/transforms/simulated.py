"""A simulated community in a log, with everybody who makes trouble."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from simulation.community import Community
from tests.transforms.given import Given

UNTIL = date(2026, 11, 16)
NOW = datetime(2026, 11, 17, tzinfo=UTC)
EXACT = {"POPCON_NOISE": "0", "POPCON_PUBLISH_AFTER_DAYS": "0"}  # figures that can be compared, up to the last week
SCENARIOS = ("stuffer", "botnet", "vandal", "broken-sender", "company")

Dated = tuple[str, dict[str, Any], str | None]


def uploads(installations: int, weeks: int, seed: int, scenarios: Sequence[str] = ()) -> Iterator[Dated]:
    """Yield (received_at, body, network tag) of a community."""
    for line in Community(installations, weeks, seed, until=UNTIL, scenarios=scenarios).lines():
        upload = json.loads(line)
        yield upload["received_at"], upload["body"], upload["network_tag"]


def fill(folder: Path, some: Iterable[Dated], **environment: str) -> Given:
    """Return a log of these uploads, refreshed, with exact figures."""
    folder.mkdir(exist_ok=True)
    given = Given(folder, EXACT | environment)
    given.append(some)
    given.refresh(NOW)
    return given
