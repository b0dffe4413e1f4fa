"""The two servers as programs of their own, on ports of their own."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.ports import free_ports

ROOT = Path(__file__).parents[2]


def fetch(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310 - http on loopback
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@contextmanager
def server(which: str, folder: Path) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    port, other, metrics = free_ports(3)
    ports = {"public": (port, other), "explorer": (other, port)}[which]
    variables = {
        "POPCON_DATA": str(folder),
        "POPCON_DASHBOARD_PORT": str(ports[0]),
        "POPCON_EXPLORER_PORT": str(ports[1]),
        "POPCON_METRICS_PORT": str(metrics),
    }
    running = subprocess.Popen(
        [sys.executable, "-m", "dashboard", which],
        cwd=ROOT,
        env=os.environ | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        for _ in range(1200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}", running
    finally:
        running.kill()
        running.communicate()
