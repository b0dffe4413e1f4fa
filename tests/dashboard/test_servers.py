import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.dashboard.community import publish, write_views

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def fetch(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - http on loopback
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@contextmanager
def server(which: str, folder: Path) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    port = free_port()
    variables = {"POPCON_DATA": str(folder), "POPCON_DASHBOARD_PORT": str(port), "POPCON_EXPLORER_PORT": str(port)}
    running = subprocess.Popen(
        [sys.executable, "-m", "dashboard", which],
        cwd=ROOT,
        env=os.environ | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}", running
    finally:
        running.kill()
        running.communicate()


def stopped(running: "subprocess.Popen[str]", number: int) -> tuple[int, str]:
    running.send_signal(number)
    said, _ = running.communicate(timeout=10)
    return running.returncode, said


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_public_server_starts_empty_serves_what_comes_and_stops_cleanly(tmp_path: Path, number: int) -> None:
    with server("public", tmp_path) as (address, running):
        assert fetch(address)[0] == 200
        assert fetch(f"{address}/public/plugins")[0] == 503
        publish(tmp_path / "public.db", weeks=3)
        assert "Week of" in fetch(address)[1]
        assert fetch(f"{address}/public/plugins.svg")[0] == 200
        assert fetch(f"{address}/-/databases")[0] == 404
        assert stopped(running, number) == (0, "")


def test_the_explorer_stays_on_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_views(tmp_path / "views.db")
    monkeypatch.setenv("POPCON_HOST", "127.0.0.2")
    with server("explorer", tmp_path) as (address, running):
        assert fetch(f"{address}/views/counts")[0] == 200
        assert stopped(running, signal.SIGTERM) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "variables", "said"),
    [
        (["elsewhere"], {}, "Usage: python -m dashboard public|explorer"),
        (["public"], {"POPCON_DASHBOARD_PORT": "x"}, "POPCON_DASHBOARD_PORT='x': give a whole number"),
    ],
)
def test_wrong_usage_is_said_in_a_line(arguments: list[str], variables: dict[str, str], said: str) -> None:
    found = subprocess.run(
        [sys.executable, "-m", "dashboard", *arguments],
        cwd=ROOT,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 2
    assert found.stderr.startswith(said)
