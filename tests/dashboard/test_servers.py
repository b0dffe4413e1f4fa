import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from simulation.public_database import publish, write_views
from tests.dashboard.serving import ROOT, fetch, server


def stopped(running: "subprocess.Popen[str]", number: int) -> tuple[int, str]:
    running.send_signal(number)
    said, _ = running.communicate(timeout=60)
    return running.returncode, said


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_public_server_starts_empty_serves_what_comes_and_stops_cleanly(tmp_path: Path, number: int) -> None:
    with server("public", tmp_path) as (address, running):
        assert fetch(address)[0] == 200
        assert fetch(f"{address}/public/plugin_ranking")[0] == 503
        publish(tmp_path / "public.db", weeks=3)
        assert "Week of" in fetch(address)[1]
        assert fetch(f"{address}/public/plugin_ranking.svg")[0] == 200
        assert fetch(f"{address}/-/databases")[0] == 404
        assert stopped(running, number) == (0, "")


def test_the_explorer_stays_on_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_views(tmp_path / "views.db")
    monkeypatch.setenv("POPCON_HOST", "127.0.0.2")
    with server("explorer", tmp_path) as (address, running):
        assert fetch(f"{address}/views/counts")[0] == 200
        assert stopped(running, signal.SIGTERM) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "variables", "status", "said"),
    [
        (["--help"], {}, 0, ""),  # found: it was wrong usage
        (["elsewhere"], {}, 2, "usage: python -m dashboard"),
        ([], {}, 2, "usage: python -m dashboard"),
        (["public"], {"POPCON_DASHBOARD_PORT": "x"}, 1, "dashboard: POPCON_DASHBOARD_PORT='x': give a whole number"),
    ],
)
def test_wrong_usage_is_said_in_a_line(arguments: list[str], variables: dict[str, str], status: int, said: str) -> None:
    found = subprocess.run(
        [sys.executable, "-m", "dashboard", *arguments],
        cwd=ROOT,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == status
    assert found.stderr.startswith(said)


def test_the_event_loop_is_not_whatever_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "uvloop.py").write_text("raise SystemExit('the dashboard took uvloop')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with server("public", tmp_path) as (address, running):
        assert fetch(address)[0] == 200
        assert stopped(running, signal.SIGTERM) == (0, "")
