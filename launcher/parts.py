"""The programs that `make run` starts: when each is started, started again, and how they are stopped together."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

STOP_SECONDS = 8.0
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0
STEADY_SECONDS = 60.0  # one that ran for so long begins with the first pause again
_PROBE_SECONDS = 0.5
_NICE_TRIES, _NICE_PAUSE_SECONDS = 10, 0.05
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Trouble:
    """What happened to a part, and in how many seconds it is started again."""

    what: str
    seconds: float

    def __str__(self) -> str:
        return f"{self.what}; starting it again in {self.seconds:.0f} s"


class Part(Protocol):
    """One program of the project.  `process` is None while it does not run."""

    process: subprocess.Popen[bytes] | None

    @property
    def name(self) -> str: ...

    def tend(self, now: float) -> Trouble | None:
        """Start it if that is due, and see whether it still runs.  `now` is a stopwatch's time in seconds."""


@dataclass
class Server:
    """A part that should always run.  When it ends it is started again, each time after a longer pause."""

    name: str
    command: tuple[str, ...]
    host: str
    port: int
    niceness: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    failures: int = field(default=0, init=False)  # in a row
    _started_at: float = field(default=0.0, init=False)
    _due_at: float = field(default=0.0, init=False)

    def tend(self, now: float) -> Trouble | None:
        if self.process is None:
            return self._start(now) if now >= self._due_at else None
        status = self.process.poll()
        if status is None:
            return None
        self.process = None
        if now - self._started_at >= STEADY_SECONDS:
            self.failures = 0
        return self._postpone(now, f"the {self.name} ended with {_words(status)}")

    def answers(self) -> bool:
        """Whether it runs and accepts connections."""
        return self.process is not None and self.process.poll() is None and _answers(self.host, self.port)

    def _start(self, now: float) -> Trouble | None:
        if _answers(self.host, self.port):
            variable = f"POPCON_{self.name.upper()}_PORT"
            what = f"port {self.port} on {self.host} is in use; choose another for the {self.name} with {variable}=…"
            return self._postpone(now, what)
        try:
            self.process = _spawn(self.command, self.niceness)
        except (OSError, subprocess.SubprocessError) as error:
            return self._postpone(now, f"the {self.name} could not be started: {error}")
        self._started_at = now
        return None

    def _postpone(self, now: float, what: str) -> Trouble:
        pause = min(FIRST_PAUSE_SECONDS * 2.0 ** min(self.failures, 10), LONGEST_PAUSE_SECONDS)
        self.failures += 1
        self._due_at = now + pause
        return Trouble(what, pause)


@dataclass
class Repeated:
    """A part that runs to its end every so often.  One that fails says so itself, and the next run tries again."""

    name: str
    command: tuple[str, ...]
    seconds: float
    niceness: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _due_at: float = field(default=0.0, init=False)

    def tend(self, now: float) -> Trouble | None:
        if self.process is not None:
            status = self.process.poll()
            if status is None:
                return None
            self.process = None
            if status < 0:  # it had no time to say so itself
                return Trouble(f"the {self.name} ended with {_words(status)}", max(0.0, self._due_at - now))
        if now < self._due_at:
            return None
        self._due_at = now + self.seconds
        try:
            self.process = _spawn(self.command, self.niceness)
        except (OSError, subprocess.SubprocessError) as error:
            return Trouble(f"the {self.name} could not be started: {error}", self.seconds)
        return None


def stop_together(parts: Iterable[Part]) -> list[Part]:
    """Ask every part to stop, wait for all, and kill and return those that have not after STOP_SECONDS."""
    running = [(part, part.process) for part in parts if part.process is not None and part.process.poll() is None]
    for _, process in running:
        process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    late = []
    for part, process in running:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            late.append(part)
    return late


def _spawn(module_and_arguments: Sequence[str], niceness: int) -> subprocess.Popen[bytes]:
    """Start `python -m …` in a session of its own, so that a Ctrl-C reaches the launcher only.

    The kernel sends it SIGTERM when the launcher is gone, whatever ended the launcher.
    """
    launcher = os.getpid()

    def prepare() -> None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != launcher:  # it was gone before the kernel had been asked
            os._exit(1)
        _be_nice(niceness)

    command = [sys.executable, "-m", *module_and_arguments]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True, preexec_fn=prepare)


def _be_nice(niceness: int) -> None:
    """Let others go first where all want the processor: within a session, and between sessions (sched(7))."""
    os.nice(niceness)
    for _ in range(_NICE_TRIES):
        try:
            Path("/proc/self/autogroup").write_text(str(niceness))
        except BlockingIOError:  # the kernel allows this ten times a second, to all together
            time.sleep(_NICE_PAUSE_SECONDS)
        except OSError:  # it does not group by session
            return
        else:
            return


def _answers(host: str, port: int) -> bool:
    """Whether something accepts connections there."""
    try:
        socket.create_connection((host, port), timeout=_PROBE_SECONDS).close()
    except OSError:
        return False
    return True


def _words(status: int) -> str:
    if status >= 0:
        return f"status {status}"
    try:
        return f"status {status} ({signal.Signals(-status).name})"
    except ValueError:  # a real-time signal
        return f"status {status}"
