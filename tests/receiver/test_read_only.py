"""The log is read where nothing can be written: on a read-only mount, and as another user."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.disks import mounted
from tests.programs import lack, need_program
from tests.receiver.running import Receiver, command, report

UPLOADS = 3


@pytest.fixture
def mount(tmp_path: Path) -> Iterator[Path]:
    """A disk that can be made read-only."""
    with mounted(tmp_path / "disk", "size=24m") as disk:
        yield disk


def fill(data: Path, *, has_wal: bool) -> None:
    with Receiver(data) as receiver:
        for number in range(UPLOADS):
            assert receiver.post(report(number))[0] == 201
        receiver.process.send_signal(signal.SIGKILL if has_wal else signal.SIGTERM)
        receiver.process.wait()
    assert (data / "log.db-wal").exists() == has_wal


def make_read_only(disk: Path) -> None:
    subprocess.run([need_program("mount"), "-o", "remount,ro", str(disk)], check=True)


def reads_everything(data: Path, out: Path, prefix: Sequence[str] = ()) -> None:
    """Run the three commands that only read."""
    out.mkdir(exist_ok=True)
    out.chmod(0o777)
    checked = command(data, "check-log", prefix=prefix)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, f"{data / 'log.db'} is intact.\n", "")
    exported = command(data, "export-log", str(out / "exported"), prefix=prefix)
    assert exported.stdout == f"{UPLOADS} uploads written to {out / 'exported'}.\n"
    salvaged = command(data, "salvage", str(out / "salvaged"), prefix=prefix)
    assert salvaged.stdout == f"{UPLOADS} uploads written to {out / 'salvaged'}, 0 are not intact.\n"
    assert (out / "exported").read_bytes() == (out / "salvaged").read_bytes()


def test_a_log_on_a_read_only_mount_is_read(mount: Path, tmp_path: Path) -> None:
    """Found: check-log called good uploads unreadable, and salvage saved none of them."""
    fill(mount / "data", has_wal=False)
    make_read_only(mount)
    reads_everything(mount / "data", tmp_path / "out")


def test_an_empty_wal_is_as_good_as_none(mount: Path, tmp_path: Path) -> None:
    fill(mount / "data", has_wal=False)
    (mount / "data" / "log.db-wal").touch()
    make_read_only(mount)
    reads_everything(mount / "data", tmp_path / "out")


def test_a_log_with_a_wal_is_to_be_copied_first(mount: Path, tmp_path: Path) -> None:
    """One line says so; nothing is called damaged, and no empty file is left in the way of the next attempt."""
    data, copy = mount / "data", tmp_path / "copy"
    fill(data, has_wal=True)
    (data / "log.db-shm").unlink()  # a copy or a backup may lack it
    make_read_only(mount)
    for arguments in (["check-log"], ["export-log", str(tmp_path / "one")], ["salvage", str(tmp_path / "one")]):
        refused = command(data, *arguments)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert refused.stderr == (
            f"receiver: {data} cannot be written, and SQLite can read log.db-wal, which has uploads, only where it can "
            "write. Copy the whole folder to a writable place, and name the copy with POPCON_DATA=…\n"
        )
        assert not (tmp_path / "one").exists()
    subprocess.run(["cp", "-a", str(data), str(copy)], check=True)  # noqa: S607 - of coreutils, wherever it is
    reads_everything(copy, tmp_path / "out")


@pytest.mark.parametrize("has_wal", [False, True])
def test_another_user_who_may_only_read_reads(tmp_path: Path, has_wal: bool) -> None:
    """With the files of a running receiver SQLite needs no right to write."""
    if os.geteuid() != 0:
        lack("running as another user needs root")
    data = tmp_path / "data"
    prefix = [need_program("setpriv"), "--reuid=65534", "--regid=65534", "--clear-groups"]
    if subprocess.run([*prefix, sys.executable, "-c", ""], capture_output=True, check=False).returncode:
        lack("another user cannot start this Python")  # one that lies in somebody's home, for example
    fill(data, has_wal=has_wal)
    for folder in [tmp_path, *list(tmp_path.parents)[:3], data]:
        folder.chmod(0o755)
    for file in data.glob("log*"):
        file.chmod(0o644)
    reads_everything(data, tmp_path / "out", prefix)
