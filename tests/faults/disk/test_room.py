"""A rebuild, a publication and the archive leave room for the log, and a disk that fills up midway loses nothing."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.faults.disk.small_disk import DISK_BYTES, fill
from tests.faults.disk.test_disk import traced
from tests.receiver.running import Receiver, report
from tests.transforms.given import LATER, Given

RESERVE = DISK_BYTES // 20  # as of /readyz


@pytest.fixture
def given(tmp_path: Path) -> Given:
    return Given(tmp_path, {"POPCON_MIN_GROUP": "3"})


@pytest.fixture
def counted(small_disk: Path) -> Given:
    """Return a log of 4 MB whose views take 2 MB or so, refreshed."""
    folder = small_disk / "data"
    folder.mkdir()
    given = Given(folder, {"POPCON_MIN_GROUP": "3"})
    upload(given, range(1500), [0, 1])
    given.refresh(LATER)
    return given


def upload(given: Given, who: range, weeks: list[int]) -> None:
    """Append reports each of which is a configuration of its own."""
    for one in who:
        plugins = [{"name": "katello", "version": f"4.{one}.{number}"} for number in range(12)]
        given.uploads([one], weeks[:1], plugins=plugins, hosts_count=one)
    for week in weeks[1:]:
        given.uploads(who, [week])


def run(given: Given, command: str, prefix: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **given.environment, "POPCON_DATA": str(given.folder)}
    return subprocess.run(
        [*prefix, sys.executable, "-m", "transforms", command],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def contents(given: Given) -> dict[str, bytes]:
    """Return every file but the log, the filler, and what a reader of a database leaves next to it."""
    files = [path for path in given.folder.rglob("*") if path.is_file() and not path.is_symlink()]
    left_out = (".db-shm", ".db-wal")
    return {
        path.name: path.read_bytes()
        for path in files
        if not (path.name.startswith("log.") or path.name.endswith(left_out))
    }


def free(disk: Path) -> int:
    return shutil.disk_usage(disk).free


def size(database: Path) -> int:
    return database.stat().st_size


def assert_refused(done: subprocess.CompletedProcess[str], given: Given, what: str) -> None:
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"transforms: {what} needs ")
    assert str(given.folder) in done.stderr
    assert "MB are free" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_rebuild_that_does_not_fit_is_refused_and_the_receiver_goes_on(counted: Given, small_disk: Path) -> None:
    """Found: it filled the disk, and then the receiver could not even start."""
    before = contents(counted)
    for reserve in (RESERVE, 0):
        filler = fill(small_disk, reserve + size(counted.settings.views))
        assert_refused(run(counted, "rebuild"), counted, "A rebuild")
        assert contents(counted) == before
        filler.unlink()
    fill(small_disk, RESERVE + size(counted.settings.views))
    with Receiver(counted.folder) as receiver:
        assert receiver.get("/readyz")[0] == 200
        assert receiver.post(report())[0] == 201
    (small_disk / "filler").unlink()
    assert run(counted, "rebuild").returncode == 0


def test_a_first_rebuild_is_estimated_from_the_log(counted: Given, small_disk: Path) -> None:
    for path in (counted.settings.views, counted.settings.public):
        path.resolve().unlink()
        path.unlink()
    fill(small_disk, RESERVE + size(counted.settings.log) // 8)
    assert_refused(run(counted, "refresh"), counted, "A rebuild")
    assert not list(counted.settings.snapshots.iterdir())


def test_a_rebuild_that_fills_the_disk_midway_says_so_and_leaves_no_draft(counted: Given, small_disk: Path) -> None:
    """The log has grown so much that nobody could tell from the views of before."""
    upload(counted, range(1500, 5000), [2])
    before = contents(counted)
    fill(small_disk, RESERVE + size(counted.settings.views) + 600_000)
    room = free(small_disk)
    done = run(counted, "rebuild")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "is full" in done.stderr
    assert str(counted.folder) in done.stderr
    assert contents(counted) == before
    assert room - free(small_disk) <= 32_768  # what a reader leaves next to views.db
    (small_disk / "filler").unlink()
    assert run(counted, "rebuild").returncode == 0


def test_publication_leaves_the_reserve_too(counted: Given, small_disk: Path) -> None:
    """What is published is decided all the same, and shown once there is room."""
    before = contents(counted)
    filler = fill(small_disk, RESERVE)
    assert run(counted, "refresh").returncode == 0, "nothing is to be published"
    counted.uploads(range(5, 10), [3])
    assert_refused(run(counted, "refresh"), counted, "Publication")
    public = counted.settings.public.resolve().name
    after = contents(counted)
    changed = {name for name in before if after.get(name) != before[name]}
    assert changed <= {counted.settings.views.resolve().name, "history.db", "editions.db", "editions.mark"}
    filler.unlink()
    assert run(counted, "refresh").returncode == 0
    assert counted.settings.public.resolve().name != public


def test_an_erasure_that_does_not_fit_is_taken_out_when_there_is_room(counted: Given, small_disk: Path) -> None:
    filler = fill(small_disk, RESERVE + size(counted.settings.views) // 2)
    counted.erase(7)
    assert_refused(run(counted, "refresh"), counted, "Taking out an erased installation")
    filler.unlink()
    assert run(counted, "refresh").returncode == 0
    assert counted.files_with("00000007-0000-4000-8000") == set()


def test_the_archive_leaves_the_reserve_too(counted: Given, small_disk: Path) -> None:
    filler = fill(small_disk, RESERVE)
    assert_refused(run(counted, "exports"), counted, "The archive")
    filler.unlink()
    assert run(counted, "exports").returncode == 0


@pytest.mark.parametrize("call", ["write", "pwrite64"])
@pytest.mark.parametrize("when", [1, 9, 60])
def test_an_archive_that_fills_the_disk_midway_has_whole_folders_only(given: Given, call: str, when: int) -> None:
    """Python, DuckDB and SQLite write its files, and each says in its own way that the disk is full."""
    given.uploads(range(5), [0, 1, 2])
    given.refresh(LATER)
    done = run(given, "exports", traced(f"{call}:error=ENOSPC:when={when}"))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    # Or it was standard output that was full: each folder is named there as it comes.
    assert f"The disk of {given.settings.exports} is full" in done.stderr or "No space left" in done.stderr
    folders = [path for path in given.settings.exports.iterdir() if path.name[0].isdigit()]
    listed = {folder: json.loads((folder / "datapackage.json").read_text())["resources"] for folder in folders}
    assert all((folder / each["path"]).stat().st_size == each["bytes"] for folder in folders for each in listed[folder])
    assert not list(given.settings.exports.glob(".*"))
    assert run(given, "exports").returncode == 0
    assert (given.settings.exports / "latest" / "public.db.gz").is_file()
