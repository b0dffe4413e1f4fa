"""editions.db is as precious as the log: it survives a power cut, its loss is noticed, and it is taken back."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime

import pytest

from checksums import UnreadableFileError
from tests.campaign import length, seeded, tell
from tests.transforms.given import Given, monday
from transforms.editions.mark import mark_path
from transforms.publishing.checking import NotPublishedError

IN_WEEK_4 = datetime(2026, 2, 6, tzinfo=UTC)
IN_WEEK_5 = datetime(2026, 2, 13, tzinfo=UTC)
KATELLO = [{"name": "katello", "version": "4.14.0"}]


@pytest.fixture
def given(given: Given) -> Given:
    given.environment = {}
    given.uploads(range(40), range(5), plugins=KATELLO)
    given.refresh(IN_WEEK_4)
    return given


def rows(given: Given) -> list[list[tuple[object, ...]]]:
    with closing(sqlite3.connect(given.settings.editions)) as connection:
        return [connection.execute(f"select * from {table}").fetchall() for table in ("editions", "edition_tables")]


def lose(given: Given, *, is_public_lost: bool) -> None:
    given.settings.editions.unlink()
    if is_public_lost:
        given.settings.public.unlink()


def test_lost_editions_are_taken_back_from_the_public_database(given: Given) -> None:
    before, public = rows(given), given.settings.public.resolve().read_bytes()
    lose(given, is_public_lost=False)
    assert "All 4 editions were taken back" in given.refresh(IN_WEEK_4).told
    assert given.settings.public.resolve().read_bytes() == public
    assert rows(given) == before
    given.refresh(IN_WEEK_5)
    assert [week for (week,) in given.public("select week_start from editions")] == [monday(week) for week in range(5)]


def test_every_flipped_bit_is_found_and_nothing_else_is_published(given: Given) -> None:
    """What is damaged is put aside, and taken back from what is public."""
    drawn, seed = seeded()
    tries = length(25, 300)
    tell(seed=seed, flips=tries)
    whole, public = given.settings.editions.read_bytes(), given.settings.public.resolve().read_bytes()
    put_aside = 0
    for _ in range(tries):
        damaged = bytearray(whole)
        damaged[drawn.randrange(len(damaged))] ^= 1 << drawn.randrange(8)
        given.settings.editions.write_bytes(damaged)
        given.refresh(IN_WEEK_4)
        assert given.settings.public.resolve().read_bytes() == public
        for path in given.folder.glob("editions-damaged-*.db"):
            assert path.read_bytes() == bytes(damaged)
            path.unlink()
            put_aside += 1
    assert put_aside > tries / 6


def test_without_any_copy_nothing_is_published_until_the_operator_says_so(given: Given) -> None:
    """Uploads go on all the time; with REPUBLISH=yes what the log has is published anew."""
    lose(given, is_public_lost=True)
    given.upload(77, 5)
    with pytest.raises(NotPublishedError, match=r"editions\.db is gone.*make refresh REPUBLISH=yes"):
        given.refresh(IN_WEEK_5)
    assert not given.settings.public.exists()
    assert given.views("select count(*) from uploads") == [(41,)]
    with pytest.raises(NotPublishedError):
        given.refresh(IN_WEEK_5, rebuild=True)
    given.environment["REPUBLISH"] = "yes"
    given.refresh(IN_WEEK_5)
    weeks = [week for (week,) in given.public("select week_start from weekly_installations")]
    assert weeks == [monday(week) for week in (1, 2, 3, 4)]
    del given.environment["REPUBLISH"]
    given.refresh(IN_WEEK_5)


def test_the_mark_may_be_lost_too(given: Given) -> None:
    """Found: without it, and without any copy, all was published again unasked.  history.db tells."""
    lose(given, is_public_lost=True)
    mark_path(given.settings.editions).unlink()
    with pytest.raises(NotPublishedError, match="REPUBLISH=yes"):
        given.refresh(IN_WEEK_4)


def test_a_forged_public_database_is_not_taken_for_the_lost_one(given: Given) -> None:
    given.settings.editions.unlink()
    with closing(sqlite3.connect(given.settings.public.resolve())) as connection:
        connection.execute("update weekly_plugins set installations = installations + 1")
        connection.commit()
    with pytest.raises(NotPublishedError, match=r"neither public\.db nor the archive"):
        given.refresh(IN_WEEK_4)


def test_an_older_copy_is_not_taken_for_all(given: Given) -> None:
    """Restored from a backup without its mark, it would publish its last weeks a second time."""
    older = given.settings.editions.read_bytes()
    given.uploads(range(40), [5], plugins=KATELLO)
    given.refresh(IN_WEEK_5)
    public = given.settings.public.resolve().read_bytes()
    given.settings.editions.write_bytes(older)
    given.refresh(IN_WEEK_5)
    assert given.settings.public.resolve().read_bytes() == public
    assert len(given.public("select * from editions")) == 5


def test_a_run_that_was_cut_off_before_the_mark_moves_it(given: Given) -> None:
    mark = mark_path(given.settings.editions)
    older = mark.read_bytes()
    given.uploads(range(40), [5], plugins=KATELLO)
    given.refresh(IN_WEEK_5)
    newer = mark.read_bytes()
    assert older != newer
    mark.write_bytes(older)
    given.settings.views.resolve().unlink()
    given.refresh(IN_WEEK_5)
    assert mark.read_bytes() == newer


def test_a_mark_that_cannot_be_read_stops_publication_in_words(given: Given) -> None:
    mark_path(given.settings.editions).write_text("5 nonsense\n")
    given.settings.views.resolve().unlink()
    before = given.settings.editions.read_bytes()
    with pytest.raises(UnreadableFileError, match=r"editions\.mark cannot be read"):
        given.refresh(IN_WEEK_4)
    assert given.settings.editions.read_bytes() == before


def test_a_folder_without_an_earlier_edition_publishes_unasked(given: Given) -> None:
    for path in given.folder.iterdir():
        if path.name != "log.db" and path.is_file():
            path.unlink()
    given.refresh(IN_WEEK_4)
    assert len(given.public("select * from weekly_installations")) == 3


def test_editions_of_an_empty_log_can_be_deleted(given: Given) -> None:
    """Nothing was published, so that nothing can differ."""
    given.settings.log.unlink()
    given.append([])
    settings = given.settings
    for path in (settings.editions, mark_path(settings.editions), settings.public, settings.history):
        path.unlink()
    given.refresh(IN_WEEK_4)
    given.settings.editions.unlink()
    given.refresh(IN_WEEK_4)
    assert given.settings.editions.exists()


def test_the_noise_key_is_made_once_and_damage_is_named(given: Given) -> None:
    key = given.settings.noise_key
    assert (len(key.read_bytes()), key.stat().st_mode & 0o777) == (32, 0o600)
    before = key.read_bytes()
    given.refresh(IN_WEEK_5)
    assert key.read_bytes() == before
    key.write_bytes(before[:31])
    with pytest.raises(RuntimeError, match="has 31 bytes, not 32"):
        given.refresh(IN_WEEK_5)


@pytest.mark.parametrize("step", ["move_durably", "_move_mark", "_insert"])
def test_taking_back_may_be_cut_off_anywhere(given: Given, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """Found: an empty editions.db was left, and the next run published every week again unasked."""
    given.erase(3)
    public = given.settings.public.resolve().read_bytes()
    lose(given, is_public_lost=False)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(f"transforms.editions.store.{step}", fail)
        with pytest.raises(OSError, match=r"No space left|is full"):
            given.refresh(IN_WEEK_4)
    for is_rebuild in (False, True):
        given.refresh(IN_WEEK_4, rebuild=is_rebuild)
        assert given.settings.public.resolve().read_bytes() == public


def test_an_older_backup_with_its_mark_is_brought_up_to_date(given: Given) -> None:
    """Found: what the documents tell the operator to do published the later weeks a second time."""
    settings = given.settings
    older = settings.editions.read_bytes(), mark_path(settings.editions).read_bytes()
    given.uploads(range(40), [5], plugins=KATELLO)
    given.refresh(IN_WEEK_5)
    public = settings.public.resolve().read_bytes()
    given.erase(3)
    settings.editions.write_bytes(older[0])
    mark_path(settings.editions).write_bytes(older[1])
    assert "older than what is public; 1 were taken back" in given.refresh(IN_WEEK_5).told
    assert settings.public.resolve().read_bytes() == public


def test_a_commit_that_was_cut_off_is_rolled_back(given: Given) -> None:
    """Found: its journal kept every later run from reading the file."""
    settings, journal = given.settings, given.settings.editions.with_name("editions.db-journal")
    script = (
        "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "c.execute('pragma cache_size = 1'); c.execute('pragma cache_spill = 1'); c.execute('begin immediate');"
        "c.execute(\"insert into edition_tables values (1, 'x', '[]', hex(zeroblob(200000)))\"); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", script, str(settings.editions)], check=True)
    assert journal.exists()
    public = settings.public.resolve().read_bytes()
    given.refresh(IN_WEEK_4)
    assert settings.public.resolve().read_bytes() == public
    assert not journal.exists()


def test_rotten_bits_are_found_before_anything_rests_on_them(given: Given) -> None:
    """Found: they do not change the time of the file, and went into public.db with the next edition."""
    settings = given.settings
    status = settings.editions.stat()
    content = settings.editions.read_bytes()
    at = content.rindex(b'"katello",') + len(b'"katello",')  # the first digit of a figure
    settings.editions.write_bytes(content[:at] + b"9" + content[at + 1 :])
    os.utime(settings.editions, ns=(status.st_atime_ns, status.st_mtime_ns))
    figures = given.public("select week_start, installations from weekly_plugins")
    given.uploads(range(40), [5], plugins=KATELLO)
    done = given.refresh(IN_WEEK_5)
    assert "is damaged" in done.told
    assert given.public("select week_start, installations from weekly_plugins")[: len(figures)] == figures


def test_a_flipped_bit_in_the_mark_does_not_blame_the_editions(given: Given) -> None:
    mark = mark_path(given.settings.editions)
    whole, editions = mark.read_bytes(), given.settings.editions.read_bytes()
    for at in range(len(whole) - 1):
        mark.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(UnreadableFileError, match=r"editions\.mark cannot be read"):
            given.refresh(IN_WEEK_4, rebuild=True)
    mark.write_bytes(whole)
    given.refresh(IN_WEEK_4, rebuild=True)
    assert given.settings.editions.read_bytes() == editions


def test_the_smallest_k_publishes_cross_tables_too(make_given: Callable[..., Given]) -> None:
    """Found: with noise, the check refused a plugin of exactly 5, and each refresh built all anew."""
    given = make_given(POPCON_NOISE="2", POPCON_MIN_GROUP="1")
    for week in range(2, 6):
        for who in range(30):
            given.upload(who, week, plugins=[*KATELLO, {"name": PLUGINS[who // 6], "version": "1.0.0"}])
    given.refresh()
    assert monday(3) in {week for (week,) in given.public("select week_start from weekly_installations")}


PLUGINS = ["foreman_puppet", "foreman_ansible", "foreman_openscap", "foreman_salt", "foreman_discovery"]
