"""A running foreman-popcon: everything that `make run` starts, in a folder and on ports of its own."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.ports import free_ports

ROOT = Path(__file__).parents[2]
EXAMPLE = json.loads((ROOT / "docs" / "example-report.json").read_text())
PATIENCE_SECONDS = 60


@dataclass
class Run:
    """`make run`, seen from outside."""

    process: subprocess.Popen[str]
    data: Path
    environment: dict[str, str]

    def url(self, part: str, path: str) -> str:
        return f"http://127.0.0.1:{self.environment[f'POPCON_{part.upper()}_PORT']}{path}"

    def get(self, part: str, path: str) -> Any:
        with urllib.request.urlopen(self.url(part, path), timeout=PATIENCE_SECONDS) as response:  # noqa: S310 - loopback
            return json.load(response) if ".json" in path else response.read().decode()

    def post(self, report: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        headers = {"Content-Type": "application/json"}
        body = json.dumps(report).encode()
        request = urllib.request.Request(self.url("receiver", "/data"), body, headers)  # noqa: S310 - loopback
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as response:  # noqa: S310 - loopback
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def wait_until_ready(self) -> str:
        """Return what was printed up to the addresses."""
        printed = ""
        assert self.process.stdout
        for line in self.process.stdout:
            printed += line
            if "explorer" in line:
                return printed
        raise AssertionError(f"ended before it was ready:\n{printed}{self.process.communicate()[1]}")

    def stop(self) -> int:
        """Ask it to stop, as `kill` or the service manager would, and return its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE_SECONDS)


def command(*arguments: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run one of the project's commands to its end."""
    return subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(autouse=True)
def _hangup_is_heard() -> Iterator[None]:
    """Whoever runs the tests with nohup has SIGHUP ignored, and the launcher would respect that."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    names = ("RECEIVER", "DASHBOARD", "EXPLORER", "METRICS")
    ports = {f"POPCON_{name}_PORT": str(port) for name, port in zip(names, free_ports(len(names)), strict=True)}
    return {**os.environ, **ports, "POPCON_DATA": str(tmp_path / "data"), "POPCON_REFRESH_SECONDS": "3600"}


@pytest.fixture
def run(environment: dict[str, str]) -> Iterator[Run]:
    with subprocess.Popen(
        [sys.executable, "-m", "launcher"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        yield Run(process, Path(environment["POPCON_DATA"]), environment)
        if process.poll() is None:
            process.terminate()
            process.communicate(timeout=PATIENCE_SECONDS)


def processes_of(data: Path) -> list[int]:
    """Return the pids of the processes that were told to use this folder."""
    needle = f"POPCON_DATA={data}\0".encode()
    found = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        try:
            if needle in environ.read_bytes():
                found.append(int(environ.parent.name))
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return found


def pid_of(run: Run, *module_and_arguments: str) -> int:
    """Return the process of `python -m` with these words; `receiver` is enough for the receiver."""
    wanted = [word.encode() for word in module_and_arguments]
    for pid in processes_of(run.data):
        if Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[2 : 2 + len(wanted)] == wanted:
            return pid
    raise AssertionError(f"no process of {module_and_arguments}")


def wait_for_no_process(data: Path, within_seconds: float) -> list[int]:
    """Return what is still there after that time."""
    deadline = time.monotonic() + within_seconds
    while (left := processes_of(data)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left
