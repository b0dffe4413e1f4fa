"""A fresh machine: what the Makefile installs, with the oldest pip that a supported Python brings."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.programs import lack, need_program

ROOT = Path(__file__).parent.parent
OLDEST_PIP = "22.3"  # of Python 3.11.0


def pip_line(stamp: str, venv: Path) -> str:
    """Return the line with which the Makefile installs the lock of `stamp`."""
    printed = subprocess.run(
        [need_program("make"), "-n", "-B", f"VENV={venv}", f"{venv}/{stamp}.stamp"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return next(line for line in printed.stdout.splitlines() if " -m pip install " in line)


@pytest.mark.parametrize("stamp", ["run", "dev"])
def test_a_lock_installs_into_an_empty_environment_with_the_oldest_pip(tmp_path: Path, stamp: str) -> None:
    """Found: `coverage[toml]` of pytest-cov stopped `--require-hashes`, and `make test` with it, on a fresh machine."""
    python = sys.executable if sys.version_info[:2] == (3, 11) else need_program("python3.11")
    venv = tmp_path / "venv"
    environment = {**os.environ, "PIP_NO_CACHE_DIR": "1"}
    subprocess.run([python, "-m", "venv", str(venv)], check=True)
    oldest = [f"{venv}/bin/python", "-m", "pip", "install", "--quiet", f"pip=={OLDEST_PIP}"]
    brought = subprocess.run(oldest, env=environment, capture_output=True, text=True)
    if brought.returncode:
        lack(f"the package index did not bring pip {OLDEST_PIP}: {brought.stderr.strip()}")
    for command in (["sh", "-e", "-c", pip_line(stamp, venv)], [f"{venv}/bin/python", "-m", "pip", "check"]):
        run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        assert run.returncode == 0, f"{command}\n{run.stdout}{run.stderr}"
