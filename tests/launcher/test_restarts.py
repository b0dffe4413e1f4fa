"""No part of `make run` takes another down, and none outlives the launcher."""

import os
import pty
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from launcher.parts import Repeated, Server
from tests.faults.kept import lost
from tests.launcher.conftest import EXAMPLE, PATIENCE_SECONDS, ROOT, Run, command, pid_of, wait_for_no_process
from tests.ports import free_ports


def until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def takes_uploads(run: Run) -> bool:
    try:
        return run.post(EXAMPLE)[0] == 201
    except OSError:
        return False


def is_served(run: Run, part: str) -> bool:
    try:
        return "<html" in run.get(part, "/")
    except OSError:
        return False


def is_listened_on(port: str) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", int(port))) == 0


def said(run: Run, words: str) -> str:
    """Return the line of standard error that has these words."""
    assert run.process.stderr
    for line in run.process.stderr:
        if words in line:
            return line
    raise AssertionError(f"ended without saying {words!r}")


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"])
def test_every_signal_to_stop_stops_all_and_loses_nothing(run: Run, name: str) -> None:
    """Found: SIGHUP and SIGQUIT left three servers that held the ports, and no refresh."""
    run.wait_until_ready()
    acknowledged: dict[int, str] = {}

    def send(client: int) -> None:
        for number in range(100_000):
            try:
                status, receipt = run.post({**EXAMPLE, "uuid": f"client-{client:02}-upload-{number:06}"})
            except OSError:
                return
            if status == 201:
                acknowledged[receipt["seq"]] = receipt["sha256"]

    clients = [threading.Thread(target=send, args=(client,)) for client in range(4)]
    for client in clients:
        client.start()
    until(lambda: len(acknowledged) > 50, "no upload was acknowledged")
    run.process.send_signal(signal.Signals[name])
    assert run.process.wait(10) == 0
    for client in clients:
        client.join()
    assert wait_for_no_process(run.data, within_seconds=0) == []
    assert lost(acknowledged, run.data) == []


def test_a_terminal_that_is_closed_stops_all(environment: dict[str, str]) -> None:
    """Nobody reads "Stopping ..." any more; that is no reason to leave anything running."""
    terminal, ours = pty.openpty()
    process = subprocess.Popen(
        ["setsid", "--ctty", sys.executable, "-m", "launcher"],  # noqa: S607 - of util-linux, wherever it is
        cwd=ROOT,
        env=environment,
        stdin=ours,
        stdout=ours,
        stderr=ours,
    )
    os.close(ours)
    shown = b""
    while b"explorer" not in shown:
        shown += os.read(terminal, 10_000)
    os.close(terminal)
    assert process.wait(10) == 0
    assert wait_for_no_process(Path(environment["POPCON_DATA"]), within_seconds=0) == []


def test_nohup_outlives_its_terminal(environment: dict[str, str]) -> None:
    """Where SIGHUP was ignored when it was started, it stays ignored."""
    with subprocess.Popen(
        ["nohup", sys.executable, "-m", "launcher"],  # noqa: S607 - of coreutils, wherever it is
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        run = Run(process, Path(environment["POPCON_DATA"]), environment)
        run.wait_until_ready()
        process.send_signal(signal.SIGHUP)
        time.sleep(0.5)
        assert takes_uploads(run)
        assert run.stop() == 0


def test_a_launcher_that_is_killed_takes_its_parts_along(run: Run) -> None:
    """Found: after SIGKILL, three servers went on without refreshes and held the ports."""
    run.wait_until_ready()
    assert takes_uploads(run)
    run.process.kill()
    run.process.wait()
    assert wait_for_no_process(run.data, within_seconds=10) == []
    assert not any(is_listened_on(port) for name, port in run.environment.items() if name.endswith("_PORT"))
    assert not (run.data / "log.db-wal").exists(), "the receiver was not asked to stop"


@pytest.mark.parametrize("part", ["dashboard", "explorer"])
def test_a_part_that_dies_is_started_again_and_takes_nothing_along(run: Run, part: str) -> None:
    """Found: the death of the explorer, a convenience, stopped the receiver."""
    run.wait_until_ready()
    receiver = pid_of(run, "receiver")
    os.kill(pid_of(run, "dashboard", "public" if part == "dashboard" else part), signal.SIGKILL)
    line = said(run, "ended")
    assert line == f"make run: the {part} ended with status -9 (SIGKILL); starting it again in 1 s.\n"
    until(lambda: is_served(run, part), f"the {part} did not come back")
    assert takes_uploads(run)
    assert pid_of(run, "receiver") == receiver
    assert run.stop() == 0


def test_a_receiver_that_dies_is_started_again(run: Run) -> None:
    """The dashboard goes on meanwhile, and so do uploads afterwards."""
    run.wait_until_ready()
    dashboard = pid_of(run, "dashboard", "public")
    os.kill(pid_of(run, "receiver"), signal.SIGKILL)
    assert said(run, "ended").startswith("make run: the receiver ended with status -9 (SIGKILL); starting it again in")
    assert is_served(run, "dashboard")
    until(lambda: takes_uploads(run), "the receiver did not come back")
    assert pid_of(run, "dashboard", "public") == dashboard
    assert run.stop() == 0


def test_a_port_that_is_taken_delays_only_its_own_part(environment: dict[str, str]) -> None:
    """Uploads are taken and refreshed while somebody else has the dashboard's port, and then it comes up."""
    port = int(environment["POPCON_DASHBOARD_PORT"])
    environment |= {"POPCON_REFRESH_SECONDS": "1"}
    with (
        socket.create_server(("127.0.0.1", port)) as other,
        subprocess.Popen(
            [sys.executable, "-m", "launcher"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        run = Run(process, Path(environment["POPCON_DATA"]), environment)
        assert "dashboard" in run.wait_until_ready()
        line = said(run, f"port {port}")
        assert "is in use; choose another for the dashboard with POPCON_DASHBOARD_PORT=…; starting it again" in line
        assert takes_uploads(run)
        until(lambda: has_been_counted(run), "no refresh")
        os.kill(pid_of(run, "dashboard", "explorer"), signal.SIGKILL)
        until(lambda: is_served(run, "explorer"), "the explorer did not come back")
        other.close()
        until(lambda: is_served(run, "dashboard"), "the dashboard did not come up")
        assert run.stop() == 0


def has_been_counted(run: Run) -> bool:
    if not (run.data / "views.db").exists():
        return False
    with closing(sqlite3.connect(f"{(run.data / 'views.db').as_uri()}?mode=ro", uri=True)) as views:
        return bool(views.execute("select seq from checkpoint").fetchone()[0])


def test_a_receiver_that_refuses_its_first_start_ends_it_all(environment: dict[str, str]) -> None:
    """Nothing is served yet, so whoever started it reads why, and status 1."""
    data = Path(environment["POPCON_DATA"])
    data.mkdir()
    (data / "log.mark").write_text("no mark")
    ended = command("launcher", environment=environment)
    assert (ended.returncode, ended.stdout) == (1, "")
    first, second = ended.stderr.splitlines()
    assert "log.mark cannot be read" in first
    assert second == "make run: the receiver ended with status 1. Nothing else was started."


def test_pauses_grow_to_a_minute_and_begin_again_after_a_steady_minute() -> None:
    """A part that cannot run is tried for ever, but not all the time."""
    [port] = free_ports(1)
    server = Server("explorer", ("no_such_module_at_all",), "127.0.0.1", port)
    now = 0.0

    def ends_after(seconds: float) -> float:
        nonlocal now
        assert server.tend(now) is None
        assert server.process
        server.process.wait()
        now += seconds
        trouble = server.tend(now)
        assert trouble
        assert trouble.what == "the explorer ended with status 1"
        assert server.tend(now + trouble.seconds - 0.1) is None
        assert server.process is None
        now += trouble.seconds
        return trouble.seconds

    pauses = [ends_after(1) for _ in range(8)]
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]
    assert [ends_after(60), ends_after(1)] == [1, 2]


def test_a_refresh_that_is_killed_is_tried_again_at_its_time() -> None:
    """It had no time to say so itself."""
    refresh = Repeated("refresh", ("http.server", "--bind", "127.0.0.1", "0"), 60)
    assert refresh.tend(0) is None
    assert refresh.process
    refresh.process.kill()
    refresh.process.wait()
    assert str(refresh.tend(10)) == "the refresh ended with status -9 (SIGKILL); starting it again in 50 s"
    assert refresh.tend(59) is None
    assert refresh.process is None
    assert refresh.tend(60) is None
    assert refresh.process
    refresh.process.kill()
    refresh.process.wait()
