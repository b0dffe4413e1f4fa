"""The hourly maintenance goes on, whatever goes wrong once."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from receiver.erasure.nightly import NightlyMaintenance
from receiver.metrics import Metrics
from receiver.networks.network_tags import NetworkTags
from settings import Settings


class Failing(NetworkTags):
    """Salts that fail in a way that nobody foresaw, once."""

    tries = 0

    def destroy_old(self, now: datetime) -> None:
        self.tries += 1
        if self.tries == 1:
            raise ValueError("a file with a name that is no date")
        super().destroy_old(now)


def test_an_unforeseen_failure_is_told_and_tried_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Found: the task died for good on its first unforeseen exception, while /livez went on saying 200."""
    settings = Settings.from_environment({"POPCON_DATA": str(tmp_path)})
    tags, metrics = Failing(tmp_path / "salts"), Metrics()
    purged: list[datetime] = []

    class Watched(NightlyMaintenance):
        async def purge_when_due(self) -> None:
            purged.append(self.clock())

        def _seconds_to_the_next_hour(self) -> float:
            return 0.01

    parts: Any = None  # neither the log nor erasures are used: the purge is replaced
    maintenance = Watched(parts, tags, parts, settings, lambda: 0, metrics, lambda: datetime(2026, 1, 5, tzinfo=UTC))

    async def run() -> str:
        running = asyncio.create_task(maintenance.run())
        while not tags.tries:
            await asyncio.sleep(0)
        failure = maintenance.failure
        while tags.tries < 3:
            await asyncio.sleep(0.01)
        running.cancel()
        return failure

    assert asyncio.run(run()) == "ValueError: a file with a name that is no date"
    assert purged
    assert maintenance.failure == ""
    assert "It is tried again within an hour." in caplog.text
    assert metrics.registry.get_sample_value("popcon_maintenance_failures_total") == 1
