"""The archive: each edition once, whole, for anybody to read, and enough to take back what was published."""

import gzip
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from checksums import DamagedFileError
from tests.transforms.archive.conftest import WEEKS, archive, command, files_of, package
from tests.transforms.given import LATER, Given, monday
from transforms.archive.archive import NothingPublishedError
from transforms.editions.publisher import Revision
from transforms.editions.store import Editions
from transforms.pipeline import refresh

CHANGED = "One night, three networks"


def revise(given: Given) -> None:
    """Count the third week again without eight of its installations."""
    given.settings.rules.write_text("field,value,first_day,last_day,reason\ncore_version,3.11.*,,,x\n")
    refresh(given.settings, LATER, revision=Revision(monday(2), CHANGED))


def times(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): path.stat().st_mtime_ns for path in folder.glob("[0-9]*/*")}


def latest(given: Given) -> bytes:
    return gzip.decompress((given.settings.exports / "latest" / "public.db.gz").read_bytes())


def test_what_is_archived_never_changes(published: Given) -> None:
    """Not by an erasure, a rule, another k, a rebuild or a revision, which stands beside it."""
    weeks = [one.header.name for one in Editions(published.settings.editions).stored]
    assert archive(published) == [*weeks, "latest"]
    content, written = files_of(published.settings.exports), times(published.settings.exports)
    published.erase(3)
    published.environment["POPCON_MIN_GROUP"] = "4"
    published.refresh(rebuild=True)
    assert archive(published) == []
    revise(published)
    names = archive(published)
    revised = [name for name in names if name != "latest"]
    assert f"{monday(2)}.r2" in revised
    assert all(name.endswith(".r2") for name in revised)
    after = files_of(published.settings.exports)
    assert {name: after[name] for name in content} == content
    assert {name: times(published.settings.exports)[name] for name in written} == written
    assert {name.partition("/")[0] for name in after} == {*weeks, *revised}
    edition = package(published.settings.exports / f"{monday(2)}.r2")["edition"]
    assert (edition["week_start"], edition["revision"], edition["reason"]) == (monday(2), 2, CHANGED)


def test_latest_is_public_db_and_changes_with_it(published: Given) -> None:
    archive(published)
    assert latest(published) == published.settings.public.read_bytes()
    before = latest(published)
    assert archive(published) == []
    revise(published)
    assert archive(published)[-1] == "latest"
    assert latest(published) == published.settings.public.read_bytes()
    assert latest(published) != before
    assert not list(published.settings.exports.glob(".*"))


def test_a_latest_that_was_cut_off_between_its_files_is_written_again(published: Given) -> None:
    archive(published)
    package_of_before = (published.settings.exports / "latest" / "datapackage.json").read_bytes()
    revise(published)
    archive(published)
    (published.settings.exports / "latest" / "datapackage.json").write_bytes(package_of_before)
    assert archive(published) == ["latest"]
    assert package(published.settings.exports / "latest")["snapshot"] == published.settings.public.resolve().name


def test_rows_are_never_archived(publish_in: Callable[..., Given]) -> None:
    with_rows = publish_in("rows", POPCON_PUBLISH_ROWS="yes")
    assert with_rows.public("select count(*) from uploads") != [(0,)]
    archive(with_rows)
    content = latest(with_rows)
    (with_rows.folder / "copy.db").write_bytes(content)
    with closing(sqlite3.connect(with_rows.folder / "copy.db")) as connection:
        tables = {name for (name,) in connection.execute("select name from sqlite_schema where type = 'table'")}
    assert tables.isdisjoint({"uploads", "proxies", "plugins", "compute_resources"})
    with_rows.environment["POPCON_PUBLISH_ROWS"] = "no"
    with_rows.refresh()
    assert with_rows.settings.public.read_bytes() == content


@pytest.mark.parametrize("is_marked", [True, False])
def test_what_was_published_is_taken_back_from_the_archive_alone(published: Given, is_marked: bool) -> None:
    revise(published)
    archive(published)
    digests, public = Editions(published.settings.editions).digests, published.settings.public.read_bytes()
    published.settings.editions.unlink()
    published.settings.public.resolve().unlink()
    published.settings.public.unlink()
    if not is_marked:
        (published.folder / "editions.mark").unlink()
    (published.settings.exports / ".2026-01-05.new").mkdir()  # of a run that was cut off
    shutil.copy(
        published.settings.exports / monday(1) / "datapackage.json", published.settings.exports / ".2026-01-05.new"
    )
    published.refresh()
    assert Editions(published.settings.editions).digests == digests
    assert published.settings.public.read_bytes() == public
    assert archive(published) == []


def test_a_revision_whose_rows_are_lost_is_listed_all_the_same(published: Given) -> None:
    """Without it the archive would not have every edition that the mark tells of."""
    revise(published)
    digests = Editions(published.settings.editions).digests
    published.settings.editions.unlink()
    published.refresh()  # takes back from public.db, which has the rows of the latest revisions only
    archive(published)
    folder = published.settings.exports / monday(2)
    assert {path.stem for path in folder.iterdir()} == {"datapackage", "editions"}
    assert "are lost" in package(folder)["description"]
    published.settings.editions.unlink()
    published.settings.public.resolve().unlink()
    published.settings.public.unlink()
    published.refresh()
    assert Editions(published.settings.editions).digests == digests


@pytest.mark.parametrize(
    "damage",
    ['[{"week_start":', "[]", '["week_start"]', "{}", '[{"week_start":"2026-01-12","active":1,"established":1}]'],
)
def test_a_damaged_file_of_the_archive_is_not_taken_back(published: Given, damage: str) -> None:
    archive(published)
    (published.settings.exports / monday(1) / "weekly_installations.json").write_text(damage)
    digests = Editions(published.settings.editions).digests
    published.settings.editions.unlink()
    published.refresh()  # from public.db
    assert Editions(published.settings.editions).digests == digests


def test_a_run_that_is_killed_leaves_no_half_folder(publish_in: Callable[..., Given]) -> None:
    whole = publish_in("whole")
    archive(whole)
    expected = files_of(whole.settings.exports)
    killed = publish_in("killed")
    for name in ("editions.db", "editions.mark"):
        (killed.folder / name).write_bytes((whole.folder / name).read_bytes())
    environment = {**os.environ, **killed.environment, "POPCON_DATA": str(killed.folder)}
    exports = killed.settings.exports
    kills = 0
    for _ in range(4):
        started = subprocess.Popen([sys.executable, "-m", "transforms", "exports"], env=environment)
        while started.poll() is None:
            if list(exports.glob(".[0-9]*.new/*.json")):
                started.send_signal(signal.SIGKILL)
        kills += started.wait() == -signal.SIGKILL
        there = files_of(exports)
        assert {name: expected[name] for name in there} == there
        names = {name.partition("/")[0] for name in there}
        assert {name for name in expected if name.partition("/")[0] in names} == set(there)
    assert kills
    archive(killed)
    assert files_of(exports) == expected
    assert not list(exports.glob(".*.new"))


def test_two_at_once_write_each_folder_once(published: Given) -> None:
    environment = {**os.environ, **published.environment, "POPCON_DATA": str(published.folder)}
    both = [
        subprocess.Popen(
            [sys.executable, "-m", "transforms", "exports"], env=environment, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    printed = [each.communicate()[0].splitlines() for each in both]
    assert [each.returncode for each in both] == [0, 0]
    paths = [line for lines in printed for line in lines if line.startswith("/")]
    editions = Editions(published.settings.editions).stored
    assert sorted(paths) == sorted(
        str(published.settings.exports / name) for name in ["latest", *(one.header.name for one in editions)]
    )


def test_anyone_may_read_it(published: Given) -> None:
    shutil.rmtree(published.settings.public_folder)
    for arguments in (["refresh"], ["exports"]):
        assert command(published, *arguments).returncode == 0
    folders = [path for path in published.settings.public_folder.rglob("*") if path.is_dir()]
    files = [path for path in published.settings.public_folder.rglob("*") if path.is_file()]
    assert len(folders) > WEEKS
    assert {path.stat().st_mode & 0o777 for path in (published.settings.public_folder, *folders)} == {0o755}
    assert {path.stat().st_mode & 0o777 for path in files} == {0o644}


def test_the_command_says_what_it_wrote(given: Given) -> None:
    done = command(given, "exports")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "does not exist yet. `make refresh` creates it." in done.stderr
    given.uploads(range(9), [0, 1])
    given.refresh(LATER)
    done = command(given, "exports")
    assert done.returncode == 0
    folders = [Path(line) for line in done.stdout.splitlines()]
    assert folders[-1] == given.settings.exports / "latest"
    assert all((folder / "datapackage.json").is_file() for folder in folders)
    done = command(given, "exports")
    assert (done.returncode, done.stdout, done.stderr) == (0, "Nothing new to archive.\n", "")


def test_nothing_is_archived_before_a_week_is_published(given: Given) -> None:
    with pytest.raises(NothingPublishedError):
        archive(given)
    given.uploads(range(9), [46])  # of the week of the refresh
    given.refresh()
    assert archive(given) == []
    done = command(given, "exports")
    assert (done.returncode, done.stdout) == (0, "Nothing new to archive.\n")


def test_a_refresh_archives_what_it_has_published(given: Given) -> None:
    given.uploads(range(9), [0, 1])
    done = command(given, "refresh", "--quiet", "--archive")
    assert done.returncode == 0
    weeks = Editions(given.settings.editions).stored
    assert f"{len(weeks)} weeks archived in {given.settings.exports}." in done.stdout
    assert {path.name for path in given.settings.exports.glob("[!.]*")} == {
        "latest",
        *(one.header.name for one in weeks),
    }
    done = command(given, "refresh", "--quiet", "--archive")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_an_archive_that_cannot_be_written_hinders_no_publication(given: Given) -> None:
    given.uploads(range(9), [0, 1])
    given.settings.public_folder.mkdir()
    given.settings.exports.write_text("a file")
    done = command(given, "refresh", "--quiet", "--archive")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert str(given.settings.exports) in done.stderr
    assert len(given.public("select * from weekly_installations")) >= 1
    given.settings.exports.unlink()
    assert command(given, "refresh", "--quiet", "--archive").returncode == 0
    assert (given.settings.exports / monday(1)).is_dir()


@pytest.mark.parametrize("damage", ["row", "gone"])
def test_nothing_is_archived_from_a_damaged_editions_db(published: Given, damage: str) -> None:
    if damage == "gone":
        published.settings.editions.unlink()
    else:
        with closing(sqlite3.connect(published.settings.editions)) as connection:
            connection.execute("drop trigger rows_are_not_changed")
            connection.execute("update edition_tables set row_values = replace(row_values, '24', '25')")
            connection.commit()
    with pytest.raises(DamagedFileError):
        archive(published)
    assert not (published.settings.exports / monday(WEEKS - 1)).exists()
    published.refresh()
    archive(published)
    assert (published.settings.exports / monday(WEEKS - 1)).exists()


def test_after_a_republication_the_archive_of_before_is_put_aside(published: Given) -> None:
    """Its folders would contradict what is public now; nothing of them is changed."""
    archive(published)
    before = files_of(published.settings.exports)
    for name in ("editions.db", "editions.mark"):
        (published.folder / name).unlink()
    published.settings.public.unlink()
    (published.settings.exports / monday(2) / "weekly_plugins.json").write_text("[]")  # so that nothing is taken back
    before[f"{monday(2)}/weekly_plugins.json"] = b"[]"
    assert command(published, "refresh").returncode == 1
    published.environment["REPUBLISH"] = "yes"
    done = command(published, "refresh", "--archive")
    assert done.returncode == 0
    assert "published again" in done.stdout
    [aside] = published.settings.public_folder.glob("exports-before-*")
    assert files_of(aside) == before
    reasons = published.public("select distinct revision, reason from editions")
    assert reasons == [(1, "published again, because what was published before was lost")]
    assert (published.settings.exports / monday(2) / "weekly_plugins.json").stat().st_size > 2
