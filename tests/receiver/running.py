"""A receiver as its users see it: a process that listens, a folder, and what it says on standard error."""

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.ports import free_ports

ROOT = Path(__file__).parents[2]
EXAMPLE: dict[str, Any] = json.loads((ROOT / "docs" / "example-report.json").read_text())
PATIENCE_SECONDS = 30.0
POST_HEAD = b"POST /data HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


def report(number: int = 0, **further: Any) -> bytes:
    """Return the body of a report of installation `number`."""
    return json.dumps({**EXAMPLE, "uuid": f"{number:032d}", **further}).encode()


def environment_of(data: Path, **further: str) -> dict[str, str]:
    port, metrics_port = free_ports(2)
    ports = {"POPCON_RECEIVER_PORT": str(port), "POPCON_METRICS_PORT": str(metrics_port)}
    return {**os.environ, **ports, "POPCON_DATA": str(data), "PYTHONPATH": str(ROOT), **further}


def command(data: Path, *arguments: str, prefix: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
    """Run `python -m receiver …` to its end."""
    return subprocess.run(
        [*prefix, sys.executable, "-m", "receiver", *arguments],
        cwd=ROOT,
        env=environment_of(data),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )


def statuses_in(answers: bytes) -> list[int]:
    """Return the status of each answer in what a connection brought."""
    return [int(status) for status in re.findall(rb"(?:^|[\r\n}])HTTP/1\.1 (\d{3}) ", answers)]


class Receiver:
    """One running receiver; a context manager that leaves nothing behind."""

    def __init__(
        self,
        data: Path,
        *,
        module: Sequence[str] = ("receiver", "serve"),
        prefix: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.data = data
        self.environment = environment_of(data) | dict(environment or {})
        self.port = int(self.environment["POPCON_RECEIVER_PORT"])
        self.up_seconds = 0.0  # from its start to its first answer
        self.errors = data.with_name(data.name + ".errors")
        with self.errors.open("ab") as errors:
            self.process = subprocess.Popen(
                [*prefix, sys.executable, "-m", *module],
                cwd=ROOT,
                env=self.environment,
                stderr=errors,
                start_new_session=True,
            )

    def __enter__(self) -> "Receiver":
        self.up_seconds = self.wait_until_up()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)  # with what a tracer in front of it has started
        self.process.wait()

    def wait_until_up(self) -> float:
        """Return how many seconds it took until the first answer."""
        started = time.monotonic()
        while time.monotonic() < started + PATIENCE_SECONDS:
            try:
                self.get("/livez")
            except OSError:
                assert self.process.poll() is None, self.said()
                time.sleep(0.02)
            else:
                return time.monotonic() - started
        raise AssertionError("the receiver does not answer")

    def said(self) -> str:
        return self.errors.read_text()

    def stop(self) -> int:
        """Ask it to stop and return its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE_SECONDS)

    def post(
        self, body: bytes, headers: Mapping[str, str] | None = None, path: str = "/data"
    ) -> tuple[int, dict[str, Any]]:
        return self._ask("POST", path, body, {"Content-Type": "application/json", **(headers or {})})

    def get(self, path: str) -> tuple[int, dict[str, Any]]:
        return self._ask("GET", path, None, None)

    def ask(self, method: str, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, dict[str, Any]]:
        return self._ask(method, path, None, headers)

    def metrics(self) -> dict[str, float]:
        """Return every sample by its name and labels, as written."""
        connection = http.client.HTTPConnection("127.0.0.1", int(self.environment["POPCON_METRICS_PORT"]))
        connection.request("GET", "/metrics")
        lines = connection.getresponse().read().decode().splitlines()
        connection.close()
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if line[0] != "#")}

    def connect(self, timeout_seconds: float = PATIENCE_SECONDS) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout_seconds)

    def raw(self, content: bytes, answers: int, surplus_seconds: float = 0.05) -> list[int]:
        """Send these bytes and return the status of every answer: waits for so many, then a moment for a surplus."""
        received = b""
        with self.connect() as line, contextlib.suppress(TimeoutError, ConnectionError):
            line.settimeout(3.0)
            with contextlib.suppress(ConnectionError):
                line.sendall(content)
            while more := line.recv(65536):
                received += more
                if len(statuses_in(received)) >= answers:
                    line.settimeout(surplus_seconds)
        return statuses_in(received)

    def _ask(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str] | None
    ) -> tuple[int, dict[str, Any]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        try:
            connection.request(method, path, body, dict(headers or {}))
            response = connection.getresponse()
            content = response.read()
            answer: dict[str, Any] = json.loads(content) if content else {}
            return response.status, answer | {"headers": dict(response.getheaders())}
        finally:
            connection.close()
