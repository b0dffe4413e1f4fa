"""The program as a file: one, that old Pythons read and an admin can."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sender.conftest import PROGRAM, pythons


def test_it_needs_no_more_than_python_3_6() -> None:
    """Vermin reads what each word and module needs."""
    vermin = [str(Path(sys.executable).with_name("vermin")), "--no-tips", "--violations", "--target=3.6-", str(PROGRAM)]
    done = subprocess.run(vermin, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_it_imports_the_standard_library_only() -> None:
    modules = set()
    for node in ast.walk(ast.parse(PROGRAM.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            modules |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules.add((node.module or "").partition(".")[0])
    assert modules <= sys.stdlib_module_names


@pytest.mark.parametrize("version", pythons())
def test_every_python_here_runs_it(version: str, tmp_path: Path) -> None:
    """Under warnings as errors, from another folder and without the project."""
    (tmp_path / "foreman_popcon.py").write_bytes(PROGRAM.read_bytes())
    command = [pythons()[version], "-W", "error", "-I", "foreman_popcon.py", "notice"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
