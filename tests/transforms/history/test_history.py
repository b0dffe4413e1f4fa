"""history.db: what nothing else has is never changed by the way, and is not used when it is damaged."""

import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from checksums import DamagedFileError, require_intact
from tests.campaign import length
from tests.rights.house import House, moment, uuid
from tests.rights.test_retention import two_eras

FIGURES = ("shown_weeks", "shown_cells", "core_names")


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Sixty-four weeks, of which the oldest are purged."""
    house = House(tmp_path / "data")
    house.data.mkdir()
    two_eras(house)
    house.refresh()
    assert int(house.succeed("receiver", "purge").split()[0]) > 0
    house.refresh()
    return house


def kept(house: House) -> list[list[tuple[object, ...]]]:
    before = house.rows("history", "select final_before from kept")[0][0]
    return [house.rows("history", f"select * from {table} where week_start < ?", before) for table in FIGURES]


@pytest.mark.parametrize("k", ["4", "6", "1000"])
def test_another_k_publishes_and_changes_no_kept_week(house: House, k: str) -> None:
    """Found: one refresh with a k of 6 lost 1,241 of 14,544 rows of purged weeks for good, and published nothing."""
    before, public = kept(house), house.public()
    assert all(before)
    house.settings_given["POPCON_MIN_GROUP"] = k
    house.succeed("transforms", "refresh")
    assert kept(house) == before
    assert house.rows("public", "select min_group from publication") == [(int(k),)]
    for table in ("weekly_core_versions", "weekly_plugins"):
        assert house.rows("public", f"select 1 from {table} where installations < ?", int(k)) == []
    house.succeed("transforms", "rebuild")
    assert kept(house) == before
    house.settings_given["POPCON_MIN_GROUP"] = "3"
    house.succeed("transforms", "refresh")
    assert house.public() == public
    assert kept(house) == before


def test_history_is_written_only_after_what_it_keeps_was_published(house: House) -> None:
    """Found: it was rewritten before the check that decides whether anything is published."""
    before = house.settings.history.read_bytes()
    house.bring_in(
        [(0, {"uuid": uuid(who), "core_version": "3.12.0", "plugins": [{"name": uuid(0)}]}) for who in range(5)]
    )
    house.settings_given["POPCON_ACTIVE_DAYS"] = "35"
    for _ in range(2):
        with closing(sqlite3.connect(house.settings.log)) as log:
            assert log.execute("select count(*) from uploads").fetchone()[0]
        refused = house.command("transforms", "rebuild")
        if refused.returncode:
            assert "Not published" in refused.stderr
            assert house.settings.history.read_bytes() == before


def test_a_flipped_bit_is_found_before_anything_rests_on_it(house: House) -> None:
    """Found: one flip in six published false figures.  Every flip is found, or changes nothing that is read."""
    whole, public = house.settings.history.read_bytes(), house.public()
    random = Random(12)
    found = 0
    for _ in range(length(40, 400)):
        damaged = bytearray(whole)
        damaged[random.randrange(len(damaged))] ^= 1 << random.randrange(8)
        house.settings.history.write_bytes(damaged)
        try:
            house.refresh(rebuild=True)
        except DamagedFileError:
            found += 1
            assert house.settings.history.read_bytes() == bytes(damaged)
        assert house.public() == public
    print(f"found {found}")
    assert found > 10
    house.settings.history.write_bytes(whole)
    house.refresh(rebuild=True)
    assert house.public() == public


def test_a_damaged_history_deletes_no_upload(house: House) -> None:
    """The receiver purges as far as history.db says it reaches."""
    with closing(sqlite3.connect(house.settings.history)) as history:
        history.execute("update kept set through_seq = 100000, received_before = '2999-01-05'")
        history.commit()
    uploads = house.rows("log", "select count(*) from uploads")
    assert house.succeed("receiver", "purge").startswith("0 uploads deleted")
    assert house.rows("log", "select count(*) from uploads") == uploads


def test_a_lost_history_is_named_and_can_be_given_up(house: House) -> None:
    """Found: its loss was exit status 0, and the figures of its weeks were gone without a word."""
    weeks = house.rows("public", "select count(*) from weekly_installations")[0][0]
    house.settings.history.unlink()
    for command in ("refresh", "rebuild"):
        refused = house.command("transforms", command)
        assert refused.returncode == 1
        assert "is gone, but the log has lost its reports from before" in refused.stderr
    assert house.rows("public", "select count(*) from weekly_installations")[0][0] == weeks
    said = house.succeed("transforms", "rebuild", "--without-history")
    assert "cannot be counted again" in said
    assert 0 < house.rows("public", "select count(*) from weekly_installations")[0][0] < weeks
    house.succeed("transforms", "refresh")
    require_intact(house.settings.history, "")


def test_a_damaged_history_is_put_aside_when_it_is_given_up(house: House) -> None:
    damaged = b"not a database" * 100
    house.settings.history.write_bytes(damaged)
    assert house.command("transforms", "rebuild").returncode == 1
    house.succeed("transforms", "rebuild", "--without-history")
    assert [path.read_bytes() for path in house.data.glob("history-given-up-*.db")] == [damaged]


def test_a_history_of_an_older_version_is_taken_over(house: House) -> None:
    """It has neither a checksum nor the k of its weeks."""
    before, public = kept(house), house.public()
    with closing(sqlite3.connect(house.settings.history, isolation_level=None)) as history:
        for change in (
            "drop table checksum",
            "alter table shown_weeks drop column min_group",
            "alter table kept drop column final_before",
            "vacuum",
        ):
            history.execute(change)
    house.succeed("transforms", "rebuild")
    assert kept(house) == before
    assert house.public() == public
    require_intact(house.settings.history, "")


def test_a_week_is_kept_under_the_k_it_was_counted_with(house: House) -> None:
    """What the next weeks are counted with does not touch it."""
    house.settings_given["POPCON_MIN_GROUP"] = "4"
    house.refresh()
    assert set(
        house.rows("history", "select distinct min_group from shown_weeks where week_start < ?", moment(57))
    ) == {(3,)}


def test_a_history_from_an_old_backup_is_named_and_what_it_has_is_used(house: House) -> None:
    """Its weeks would be there, and those between it and the log missing without a word."""
    old = house.settings.history.read_bytes()
    house.settings_given["POPCON_RETENTION_DAYS"] = "300"
    house.refresh()
    assert int(house.succeed("receiver", "purge").split()[0]) > 0
    house.refresh()
    weeks = house.rows("public", "select count(*) from weekly_installations")[0][0]
    house.settings.history.write_bytes(old)
    refused = house.command("transforms", "refresh")
    assert refused.returncode == 1
    assert "reaches only to" in refused.stderr
    house.succeed("transforms", "rebuild", "--without-history")
    found = house.rows("public", "select count(*) from weekly_installations")[0][0]
    assert found == weeks, "the backup had seen all of them"
    house.succeed("transforms", "refresh")
