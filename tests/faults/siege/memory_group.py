"""A group of processes that gets so much memory and no more (cgroup v1 or v2)."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.programs import lack, need_program

_ROOT = Path("/sys/fs/cgroup")
USER = 65534  # nobody: number of the user and of the group
_PYTHON_MODULE = 2  # place in a command line: python -m MODULE


@dataclass(frozen=True)
class MemoryGroup:
    """A folder of the kernel's."""

    folder: Path

    @property
    def entering(self) -> list[str]:
        """Return what to put before a command that shall run in here as an ordinary user.

        It may read everything: Python is often installed in a folder of root's.
        """
        join = f'echo $$ > {self.folder / "cgroup.procs"} && exec "$@"'
        user = [f"--reuid={USER}", f"--regid={USER}", "--clear-groups"]
        reading = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
        return ["sh", "-c", join, "sh", need_program("setpriv"), *user, *reading]

    def killed_count(self) -> int:
        """Return how many processes the kernel has killed in here because the memory was used up."""
        file = self.folder / "memory.events"
        words = (file if file.exists() else self.folder / "memory.oom_control").read_text().split()
        return int(words[words.index("oom_kill") + 1])

    def peak_bytes(self) -> int:
        """Return the most that was ever used, files in memory included; 0 where the kernel does not say."""
        for name in ("memory.max_usage_in_bytes", "memory.peak"):
            with contextlib.suppress(FileNotFoundError):
                return int((self.folder / name).read_text())
        return 0

    def processes(self) -> Mapping[int, str]:
        """Return what runs in here: by process id, the module of `python -m` with its first argument."""
        found = {}
        for pid in (self.folder / "cgroup.procs").read_text().split():
            with contextlib.suppress(OSError):
                words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
                if len(words) > _PYTHON_MODULE:  # fewer while it ends
                    found[int(pid)] = " ".join(words[_PYTHON_MODULE : _PYTHON_MODULE + 2]).strip()
        return found


@contextlib.contextmanager
def memory_group(limit_bytes: int) -> Iterator[MemoryGroup]:
    """Make a group, and end with it whatever still runs in there."""
    folder = _new_folder(limit_bytes)
    try:
        yield MemoryGroup(folder)
    finally:
        _remove(folder)


def _new_folder(limit_bytes: int) -> Path:
    is_first_version = (_ROOT / "memory").is_dir()
    folder = (_ROOT / "memory" if is_first_version else _ROOT) / f"popcon-siege-{os.getpid()}"
    limit = folder / ("memory.limit_in_bytes" if is_first_version else "memory.max")
    try:
        folder.mkdir()
    except OSError as error:
        lack(f"no memory cgroup can be made: {error}")
    try:
        limit.write_text(str(limit_bytes))
        swap = folder / "memory.swap.max"
        if swap.exists():  # it is no way out
            swap.write_text("0")
    except OSError as error:
        folder.rmdir()
        lack(f"the memory of a cgroup cannot be limited: {error}")
    return folder


def _remove(folder: Path) -> None:
    for _ in range(200):
        pids = {int(pid) for pid in (folder / "cgroup.procs").read_text().split()}
        for pid in pids - {0}:  # 0 is one that cannot be seen from here, and to kill(2) it is our own group
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        try:
            folder.rmdir()
        except OSError:
            time.sleep(0.05)
        else:
            return
