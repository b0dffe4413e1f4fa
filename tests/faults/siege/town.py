"""Everything that `make run` starts, as an ordinary user in a group that gets so much memory and no more."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from tests.faults.siege.honest import ask
from tests.faults.siege.memory_group import MemoryGroup
from tests.memory import memory_in
from tests.ports import free_ports

ROOT = Path(__file__).parents[3]
PATIENCE_SECONDS = 60.0
SERVERS = {"receiver serve", "dashboard public", "dashboard explorer"}
# The kernel's own figure, of wait4(2), has what the process was before it became this program.
_MEASURED = """
import runpy, sys
from pathlib import Path

module, *sys.argv[1:] = sys.argv[1:]
try:
    runpy.run_module(module, run_name="__main__", alter_sys=True)
finally:
    print(Path("/proc/self/status").read_text())
"""


class Town:
    """A context of `running` and `watched`; `ports` by part."""

    def __init__(self, group: MemoryGroup, data: Path, cores: Collection[int]) -> None:
        """`data` is a folder that the ordinary user may write to."""
        self.group, self.data, self.cores = group, data, cores
        names = ("RECEIVER", "DASHBOARD", "EXPLORER", "METRICS")
        self.ports = dict(zip(names, free_ports(len(names)), strict=True))
        self.environment = {
            **os.environ,
            **{f"POPCON_{name}_PORT": str(port) for name, port in self.ports.items()},
            "POPCON_DATA": str(data),
            "POPCON_TRUSTED_PROXIES": "127.0.0.1",
            "POPCON_REFRESH_SECONDS": "5",  # more often than by default
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        self.errors = data.with_name("errors")
        self.peaks: dict[str, int] = {}  # bytes, by module

    def run(self, *module: str) -> tuple[int, float, int, str]:
        """Run `python -m …` to its end; return its status, seconds, most bytes, and what it said."""
        began = time.monotonic()
        command = [*self.group.entering, sys.executable, "-c", _MEASURED, *module]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        said, _, measured = done.stdout.partition("Name:\t")
        return done.returncode, time.monotonic() - began, memory_in(measured), said + done.stderr

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        with self.errors.open("w") as errors:
            launcher = subprocess.Popen(
                self._command("launcher"),
                cwd=ROOT,
                env=self.environment,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                preexec_fn=lambda: os.sched_setaffinity(0, self.cores),
            )
        assert launcher.stdout
        try:
            assert any("explorer" in line for line in launcher.stdout), self.errors.read_text()
            yield
        finally:
            launcher.send_signal(signal.SIGTERM)
            launcher.communicate(timeout=PATIENCE_SECONDS)
        assert launcher.returncode == 0

    @contextlib.contextmanager
    def watched(self) -> Iterator[None]:
        """Note the most memory that each part ever had."""
        is_over = threading.Event()

        def watch() -> None:
            while not is_over.wait(0.1):
                for pid, module in self.group.processes().items():
                    with contextlib.suppress(OSError):
                        peak = memory_in(Path(f"/proc/{pid}/status").read_text())
                        self.peaks[module] = max(self.peaks.get(module, 0), peak)

        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            yield
        finally:
            is_over.set()
            watcher.join()

    def answers(self) -> dict[str, int]:
        """Return the status that each port answers with."""
        pages = {"RECEIVER": "/readyz", "DASHBOARD": "/", "EXPLORER": "/views", "METRICS": "/metrics"}
        return {part: ask(self.ports[part], "GET", page)[0] for part, page in pages.items()}

    def servers(self) -> Mapping[str, int]:
        """Return the process ids of those that must not be started anew."""
        return {module: pid for pid, module in self.group.processes().items() if module in SERVERS}

    def _command(self, *module: str) -> Sequence[str]:
        return [*self.group.entering, sys.executable, "-m", *module]
