"""Files that are locked or replaced: nothing is written through a link that lies in their place."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from files import LinkNotFollowedError, locked, replace_durably, write_durably
from tests.ports import free_ports

ROOT = Path(__file__).parents[1]
PRECIOUS = b"somebody's only copy\n" * 10
RULE = ["--field=plugin", "--value=x", "--reason=fake"]


def run(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one of the project's commands to its end."""
    port, metrics_port = free_ports(2)
    variables = {
        "POPCON_DATA": str(data),
        "POPCON_RECEIVER_PORT": str(port),
        "POPCON_METRICS_PORT": str(metrics_port),
    }
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with an empty log."""
    folder = tmp_path / "data"
    assert run(folder, "receiver", "import-log", os.devnull).returncode == 0
    return folder


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("receiver.log.lock", ["receiver", "serve"]),
        ("log.mark", ["receiver", "serve"]),
        ("log.mark", ["receiver", "import-log", os.devnull]),
        ("refresh.lock", ["transforms", "refresh"]),
        ("rules.lock", ["transforms", "set-aside", "add", *RULE]),
    ],
)
@pytest.mark.parametrize("is_dangling", [False, True])
def test_nothing_is_written_through_a_link(data: Path, name: str, arguments: list[str], is_dangling: bool) -> None:
    """Found: the file that a link in the place of a lock or the mark leads to was emptied or written over."""
    precious = data.parent / "precious"
    if not is_dangling:
        precious.write_bytes(PRECIOUS)
    (data / name).unlink(missing_ok=True)
    (data / name).symlink_to(precious)
    refused = run(data, *arguments)
    assert refused.returncode == 1
    assert refused.stderr.splitlines() == [
        f"{arguments[0]}: {data / name} is a symbolic link, and nothing is written through one. "
        "Look where it leads, and remove the link."
    ]
    assert (precious.read_bytes() if precious.exists() else None) == (None if is_dangling else PRECIOUS)


def test_a_draft_is_always_a_new_file(tmp_path: Path) -> None:
    """Found: a draft that was a link wrote over another file, and one that others could read stayed readable."""
    precious, path = tmp_path / "precious", tmp_path / "rules.csv"
    precious.write_bytes(PRECIOUS)
    draft = tmp_path / ".rules.csv.new"
    draft.symlink_to(precious)
    replace_durably(path, b"new")
    assert (path.read_bytes(), precious.read_bytes()) == (b"new", PRECIOUS)
    draft.write_bytes(b"of a run that was cut off")
    draft.chmod(0o666)
    replace_durably(path, b"newer")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"newer", 0o600)
    draft.symlink_to(precious)
    with pytest.raises(LinkNotFollowedError):
        write_durably(draft, b"x")
    assert precious.read_bytes() == PRECIOUS


def test_a_lock_keeps_what_the_file_says(tmp_path: Path) -> None:
    """And tells it to whoever does not want to wait."""
    path = tmp_path / "a.lock"
    path.write_text("process 7 (serve)   ")
    with locked(path), pytest.raises(BlockingIOError, match=r"process 7 \(serve\)"), locked(path, is_waiting=False):
        pass
    with locked(path, is_waiting=False):
        assert path.read_text() == "process 7 (serve)   "
