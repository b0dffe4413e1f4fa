"""`make run` as an ordinary user with 700 MB of memory, under every attack at once.

All servers share one core, and all who call them another: they are other machines.  Under `make test` another test
runs on both, so the short form asks little of times; the full form compares them with a quiet phase of the same run.
"""

import contextlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.campaign import length, tell
from tests.faults.kept import lost
from tests.faults.siege.honest import Honest
from tests.faults.siege.memory_group import USER, memory_group
from tests.faults.siege.town import PATIENCE_SECONDS, ROOT, Town
from tests.programs import lack

GROUP_BYTES = 700_000_000
SERVER_BYTES_MAX = {"receiver serve": 250e6, "dashboard public": 250e6, "dashboard explorer": 350e6}
REFRESH = "transforms refresh"
REFRESH_BYTES_MAX, REFRESH_SECONDS_MAX = 150e6, length(6.0, 2.0)  # when the siege is over
TIMES_QUIET, FLOOR_SECONDS = 3, length(1.0, 0.0)  # by which an honest upload may be slower, and what is never slow
PAGE_SECONDS_MAX = length(1.0, 0.5)
QUIET_SECONDS, SIEGE_SECONDS = length(5, 60), length(12, 240)
COMMUNITY = length(["--installations=200", "--weeks=20"], ["--installations=3000", "--weeks=156"])


@pytest.fixture
def servers_core() -> Iterator[set[int]]:
    """Whoever calls the servers runs on another core than this one, where there are two."""
    cores = os.sched_getaffinity(0)
    _run_on({max(cores)})
    try:
        yield {min(cores)}
    finally:
        _run_on(cores)


def _run_on(cores: set[int]) -> None:
    for thread in Path("/proc/self/task").iterdir():
        os.sched_setaffinity(int(thread.name), cores)


@pytest.fixture
def town(servers_core: set[int]) -> Iterator[Town]:
    """A small community, counted, in a folder that an ordinary user can reach."""
    if os.geteuid() != 0:
        lack("making a memory cgroup and another user's process needs root")
    with tempfile.TemporaryDirectory() as folder, memory_group(GROUP_BYTES) as group:
        data = Path(folder) / "data"
        data.mkdir()
        for each in (folder, data):
            shutil.chown(each, USER, USER)
        found = Town(group, data, servers_core)
        status, _, _, said = found.run("launcher.demo", *COMMUNITY)
        assert status == 0, said
        yield found


@contextlib.contextmanager
def besieged(town: Town) -> Iterator[dict[str, int]]:
    """Run the attackers, and tell in the end what they have sent."""
    ports = [str(town.ports[name]) for name in ("RECEIVER", "DASHBOARD", "EXPLORER")]
    sent: dict[str, int] = {}
    attackers = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.siege.attacks", *ports],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096)),
    )  # fmt: skip
    try:
        yield sent
        assert attackers.poll() is None, "the attackers have failed"
        sent.update(json.loads(attackers.communicate(timeout=PATIENCE_SECONDS)[0]))
    finally:
        attackers.kill()
        attackers.communicate()


def test_everything_holds_under_every_attack_at_once(town: Town) -> None:
    with town.running(), town.watched():
        honest = Honest(town.ports["RECEIVER"], town.ports["DASHBOARD"])
        with honest.at_work():
            time.sleep(2)  # until every page was made once
        servers = town.servers()
        with honest.at_work() as quiet:
            time.sleep(QUIET_SECONDS)
        with besieged(town) as sent:
            time.sleep(1)
            with honest.at_work() as siege:
                time.sleep(SIEGE_SECONDS)
        with honest.at_work() as after:
            time.sleep(2)
        answers, said = town.answers(), town.errors.read_text()
        tell(
            uploads=len(siege.uploads), p99_ms_quiet=round(quiet.slowest_upload * 1e3, 1),
            p99_ms=round(siege.slowest_upload * 1e3, 1), pages=len(siege.pages),
            p95_ms_quiet=round(quiet.slow_page * 1e3, 1), p95_ms=round(siege.slow_page * 1e3, 1),
        )  # fmt: skip
        tell(**{module: f"{peak / 1e6:.0f} MB" for module, peak in sorted(town.peaks.items())},
             group=f"{town.group.peak_bytes() / 1e6:.0f} MB")  # fmt: skip
        tell(**sent)
        tell(said=said)
        assert quiet.refused + siege.refused + after.refused == []
        assert lost(quiet.acknowledged | siege.acknowledged | after.acknowledged, town.data) == []
        assert town.servers() == servers
        assert set(answers.values()) == {200}, answers
    assert {what.split()[0] for what in sent} == {"endless", "slow", "page", "stuck", "names", "gzip", "sql"}
    assert town.group.killed_count() == 0
    status, seconds, peak, refreshed = town.run(*REFRESH.split(), "--quiet")
    tell(refresh_seconds=round(seconds, 2), refresh=f"{peak / 1e6:.0f} MB")
    assert (status, refreshed) == (0, "")
    assert seconds < REFRESH_SECONDS_MAX
    assert peak < REFRESH_BYTES_MAX
    assert siege.slowest_upload < max(FLOOR_SECONDS, TIMES_QUIET * quiet.slowest_upload)
    assert siege.slow_page < PAGE_SECONDS_MAX
    assert {module: town.peaks[module] for module, most in SERVER_BYTES_MAX.items() if town.peaks[module] > most} == {}
    assert said == ""
