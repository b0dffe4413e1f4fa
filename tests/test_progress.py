"""Progress: seen on a terminal, silent everywhere else."""

import os
import pty
import subprocess
import sys
import termios
from pathlib import Path

ROOT = Path(__file__).parent.parent
COMMAND = """
import sys
import progress
with open(sys.argv[1], "rb") as file:
    print(sum(1 for _ in progress.lines_with_progress(file, "Importing")))
"""


def test_a_bar_is_drawn_on_a_terminal_and_nowhere_else(tmp_path: Path) -> None:
    lines = tmp_path / "lines"
    lines.write_bytes(b"x" * 99 + b"\n" + b"y\n" * 20_000)
    command = [sys.executable, "-c", COMMAND, str(lines)]
    piped = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    assert (piped.stdout, piped.stderr) == (b"20001\n", b"")
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=theirs) as run:
        os.close(theirs)
        assert run.communicate()[0] == b"20001\n"
    seen = os.read(ours, 1 << 16)
    os.close(ours)
    assert b"Importing" in seen
    assert seen.endswith(b"\r")  # the bar is wiped
