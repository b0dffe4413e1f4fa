"""history.db: what nothing else has is never changed by the way, and is not used when it is damaged."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from checksums import DamagedFileError, require_intact, rewritten, write_checksum
from tests.campaign import length
from tests.rights.house import House, uuid
from tests.rights.test_retention import two_eras
from tests.transforms.given import forget_what_was_published
from transforms.pipeline import refresh
from transforms.publishing.checking import Checker, NotPublishedError


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
    return [house.rows("history", f"select * from {table}") for table in ("installations", "true_counts")]


def test_history_is_written_only_after_what_it_keeps_was_published(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found: it was rewritten before the check that decides whether anything is published."""
    before = kept(house)
    house.bring_in([(0, {"uuid": uuid(who), "core_version": "3.12.0"}) for who in range(5)])
    house.settings_given["POPCON_RETENTION_DAYS"] = "300"
    in_a_week = datetime.now(UTC) + timedelta(weeks=1)

    def find_fault(_: Checker, __: object, ___: object) -> None:
        raise NotPublishedError("a fault")

    monkeypatch.setattr(Checker, "check_week", find_fault)
    with pytest.raises(NotPublishedError):
        refresh(house.settings, in_a_week, rebuild=True)
    assert kept(house) == before


def test_true_counts_stay_as_long_as_the_week_can_be_counted_again(house: House) -> None:
    weeks = [week for (week,) in house.rows("history", "select distinct week_start from true_counts order by 1")]
    assert len(weeks) > 50
    assert weeks[0] >= house.rows("history", "select date(received_before, '28 days') from kept")[0][0]
    public = [week for (week,) in house.rows("public", "select week_start from editions order by 1")]
    assert public[-len(weeks) :] == weeks
    assert len(public) > len(weeks)


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
    """Found: its loss was exit status 0, and installations were as new as their oldest report without a word."""
    public = house.public()
    house.settings.history.unlink()
    for command in ("refresh", "rebuild"):
        refused = house.command("transforms", command)
        assert refused.returncode == 1
        assert "is gone, but the log has lost its reports from before" in refused.stderr
    assert house.public() == public
    house.succeed("transforms", "rebuild", "--without-history")
    assert house.public() == public
    house.succeed("transforms", "refresh")
    require_intact(house.settings.history, "")


def test_a_damaged_history_is_put_aside_when_it_is_given_up(house: House) -> None:
    damaged = b"not a database" * 100
    house.settings.history.write_bytes(damaged)
    assert house.command("transforms", "rebuild").returncode == 1
    house.succeed("transforms", "rebuild", "--without-history")
    assert [path.read_bytes() for path in house.data.glob("history-given-up-*.db")] == [damaged]


def test_a_history_of_an_older_version_is_taken_over(house: House) -> None:
    """It had the figures of weeks too: without a public database, these are published from there."""
    before, installations = remaining(house), house.rows("history", "select * from installations")
    with closing(sqlite3.connect(house.settings.history, isolation_level=None)) as history:
        history.executescript(BEFORE_EDITIONS)
        history.execute("attach ? as public", (str(house.settings.public),))
        for table, select in OF_BEFORE.items():
            history.execute(f"insert into {table} {select}")
        history.execute("commit")
        history.execute("detach public")
        history.execute("begin")
        write_checksum(history)
        history.execute("commit")
    forget_what_was_published(house.settings)
    house.settings.views.resolve().unlink()
    house.succeed("transforms", "refresh")
    assert remaining(house) == before
    assert house.rows("history", "select * from installations") == installations
    require_intact(house.settings.history, "")


def test_a_history_that_does_not_say_who_was_counted_out_is_taken_over(house: House) -> None:
    """Found: with that of an earlier commit, every command ended with `no such column`."""
    public = house.public()
    with rewritten(house.settings.history) as history:
        history.execute("alter table kept drop column purge_id")
    house.refresh()
    assert house.public() == public
    require_intact(house.settings.history, "")


def remaining(house: House) -> list[tuple[object, ...]]:
    """Return the figures of the weeks that were in history.db."""
    return house.rows("public", "select week_start, core_version, installations, share from weekly_core_versions")


BEFORE_EDITIONS = """
begin;
create table shown_weeks (
    week_start text primary key, active integer, established integer not null, first_seen integer,
    new_installations integer, came_back integer, gone integer, year_before text not null, min_group integer not null
) strict;
create table shown_cells (
    week_start text not null, mart text not null, parent text not null, name text not null,
    installations integer not null, parts integer not null, n integer not null,
    share real not null, share_low real not null, share_high real not null, sort_key text not null
) strict;
create table core_names (
    week_start text not null, name text not null, series text not null, stage text not null, freshness text not null,
    days_behind integer, days_since_release integer, is_in_calendar integer not null
) strict;
create table common_keys (name);
create table quarters (name);
drop table true_counts;
alter table kept rename column noise_key to final_before;
alter table kept drop column purge_id;
"""
OF_BEFORE = {
    "shown_weeks": """
        select week_start, active, established, null, null, null, null, '', 3 from public.weekly_installations""",
    "shown_cells": """
        select week_start, 'core_versions', '', core_version, installations, installations, n, share, share_low,
        share_high, sort_key from public.weekly_core_versions""",
    "core_names": """
        select week_start, core_version, series, stage, freshness, days_behind, null, is_in_calendar
        from public.weekly_core_versions""",
}


def test_a_history_from_an_old_backup_is_named_and_what_it_has_is_used(house: House) -> None:
    """Its weeks would be there, and those between it and the log missing without a word."""
    old = house.settings.history.read_bytes()
    house.settings_given["POPCON_RETENTION_DAYS"] = "300"
    house.refresh()
    assert int(house.succeed("receiver", "purge").split()[0]) > 0
    house.refresh()
    public = house.public()
    house.settings.history.write_bytes(old)
    refused = house.command("transforms", "refresh")
    assert refused.returncode == 1
    assert "reaches only to" in refused.stderr
    house.succeed("transforms", "rebuild", "--without-history")
    assert house.public() == public
    house.succeed("transforms", "refresh")
