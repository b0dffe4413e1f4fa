"""The receiver starts on a full disk: it refuses uploads, serves reads, and goes on when there is room."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.disks import mounted
from tests.faults.kept import kept
from tests.receiver.running import Receiver, command, report

DISK_BYTES, DISK_FILES = 24 * 1024 * 1024, 60
OWN = {"Authorization": f"Bearer {1:032d}"}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk that holds nothing but the receiver's folder."""
    with mounted(tmp_path / "disk", f"size={DISK_BYTES},nr_inodes={DISK_FILES}") as folder:
        yield folder


def fill(disk: Path) -> Path:
    """Leave no byte free, and return the folder that takes the rest."""
    taken = disk / "taken"
    taken.mkdir()
    with suppress(OSError), (taken / "filler").open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    assert os.statvfs(disk).f_bavail == 0
    return taken


def fill_with_names(disk: Path) -> Path:
    """Leave no room for another file, and return the folder that takes it."""
    taken = disk / "taken"
    taken.mkdir()
    with suppress(OSError):
        for number in range(DISK_FILES):
            (taken / str(number)).touch()
    assert os.statvfs(disk).f_favail == 0
    return taken


def one_upload(disk: Path, *, is_killed: bool = False) -> None:
    with Receiver(disk) as receiver:
        assert receiver.post(report(1))[0] == 201
        if not is_killed:
            assert receiver.stop() == 0


def refuses_and_serves(receiver: Receiver) -> None:
    for _ in range(2):
        status, answer = receiver.post(report(2))
        assert (status, answer["headers"]["retry-after"]) == (507, "3600")
    assert receiver.post(report(2), path="/data?dry_run=1")[0] == 200
    assert receiver.get("/livez")[0] == 200
    status, record = receiver.ask("GET", "/data", OWN)
    assert (status, [upload["seq"] for upload in record["uploads"]]) == (200, [1])
    assert receiver.ask("DELETE", "/data", OWN)[0] == 507


def goes_on(receiver: Receiver) -> None:
    status, stored = receiver.post(report(2))
    assert (status, stored["seq"]) == (201, 2)
    status, erased = receiver.ask("DELETE", "/data", OWN)
    assert (status, erased["status"]) == (200, "erased")
    assert receiver.post(report(1))[0] == 410
    assert receiver.process.poll() is None
    assert "Traceback" not in receiver.said()


@pytest.mark.parametrize(("fill", "is_killed"), [(fill, False), (fill, True), (fill_with_names, False)])
def test_it_starts_serves_and_goes_on_without_a_restart(
    disk: Path, fill: Callable[[Path], Path], is_killed: bool
) -> None:
    """Found: after a rebuild had filled the disk, the receiver did not start again, and nobody got an answer."""
    one_upload(disk, is_killed=is_killed)
    taken = fill(disk)
    with Receiver(disk) as receiver:
        refuses_and_serves(receiver)
        assert receiver.get("/readyz")[0] == (503 if (taken / "filler").exists() else 200)
        shutil.rmtree(taken)
        goes_on(receiver)
        assert receiver.get("/readyz")[0] == 200
        assert receiver.stop() == 0
    assert set(kept(disk)) <= {1, 2}
    assert command(disk, "check-log").returncode == 0
    with Receiver(disk) as receiver:
        assert receiver.post(report(3))[0] == 201


def test_what_cannot_be_made_now_is_made_later(disk: Path) -> None:
    """The mark, the key of the erasures, the salts and the holder's name are not needed before the first upload."""
    one_upload(disk)
    for name in ("log.mark", "erasures.key", "receiver.log.lock"):
        (disk / name).unlink()
    for salt in (disk / "network-salts").glob("*"):
        salt.unlink()
    taken = fill(disk)
    with Receiver(disk) as receiver:
        refuses_and_serves(receiver)
        assert not (disk / "erasures.key").exists()
    with Receiver(disk) as receiver:
        refuses_and_serves(receiver)
        shutil.rmtree(taken)
        goes_on(receiver)
        assert receiver.stop() == 0
    assert (disk / "erasures.key").stat().st_size == 32
    assert (disk / "log.mark").stat().st_size == 100
    with Receiver(disk) as receiver:
        assert receiver.post(report(1))[0] == 410


@pytest.mark.parametrize("missing", ["log.db", "receiver.log.lock"])
def test_what_it_cannot_do_without_is_named(disk: Path, missing: str) -> None:
    """One line with the file, or what there is no space for."""
    one_upload(disk)
    (disk / missing).unlink()
    if missing == "log.db":
        (disk / "log.mark").unlink()
    taken = fill(disk) if missing == "log.db" else fill_with_names(disk)
    ended = command(disk, "serve")
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1, ended.stderr
    assert str(disk / missing) in ended.stderr
    assert "space" in ended.stderr
    shutil.rmtree(taken)
    with Receiver(disk) as receiver:
        assert receiver.post(report(2))[0] == 201


def test_a_wal_that_cannot_be_read_for_lack_of_space_is_not_called_damaged(disk: Path) -> None:
    """Without log.db-shm, which a copy lacks, SQLite needs 32 KiB before it can read a WAL."""
    one_upload(disk, is_killed=True)
    (disk / "log.db-shm").unlink()
    taken = fill(disk)
    for ended in (command(disk, "serve"), command(disk, "check-log")):
        assert (ended.returncode, ended.stdout) == (1, "")
        assert ended.stderr.startswith(f"receiver: {disk / 'log.db'}: no space is left for log.db-wal and log.db-shm")
        assert ended.stderr.count("\n") == 1
    shutil.rmtree(taken)
    with Receiver(disk) as receiver:
        assert receiver.post(report(2))[1]["seq"] == 2
