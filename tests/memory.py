"""How much memory a process has, as the kernel says it."""

import re
from pathlib import Path


def memory_in(status: str, figure: str = "VmHWM") -> int:
    """Return bytes of a process's status in /proc, by default the most it has had; 0 while it ends."""
    found = re.search(rf"^{figure}:\s+(\d+) kB", status, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def memory_of(pid: int, figure: str = "VmHWM") -> int:
    """Return the same of a process that runs."""
    bytes_ = memory_in(Path(f"/proc/{pid}/status").read_text(), figure)
    assert bytes_, "no such process"
    return bytes_
