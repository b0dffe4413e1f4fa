"""The programs that `make run` starts, and how they are stopped together."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass

STOP_SECONDS = 8.0


@dataclass(frozen=True)
class Part:
    """One program of the project while it runs."""

    name: str
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, name: str, *module_and_arguments: str) -> "Part":
        """Start `python -m …` in a session of its own, so that a Ctrl-C reaches the launcher only."""
        command = [sys.executable, "-m", *module_and_arguments]
        return cls(name, subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True))

    def has_ended(self) -> bool:
        return self.process.poll() is not None


def stop_together(parts: Iterable[Part]) -> list[Part]:
    """Ask every part to stop, wait for all, and kill and return those that have not after STOP_SECONDS."""
    running = [part for part in parts if not part.has_ended()]
    for part in running:
        part.process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    late = []
    for part in running:
        try:
            part.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            part.process.kill()
            part.process.wait()
            late.append(part)
    return late


def answers(host: str, port: int) -> bool:
    """Whether something accepts connections there."""
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True
