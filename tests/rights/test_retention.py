"""What is too old goes, and the figures of its weeks stay as they were."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from receiver.erasure.lookup import Found
from receiver.erasure.purging import delete_slice, finish, record_erasure
from receiver.log.log import Log
from receiver.reports.report import read_report
from tests.campaign import length
from tests.rights.house import House, Line, moment, uuid

OLD: Line = {"core_version": "3.10.0", "plugins": [{"name": "katello", "version": "4.12.0"}]}
NEW: Line = {"core_version": "3.12.0", "plugins": [{"name": "katello", "version": "4.14.0"}]}


def two_eras(house: House) -> None:
    """Sixty-four weeks: 0 to 4 report all the time, 5 to 9 in the first six only, 10 to 14 in the last ten."""
    house.bring_in(
        [
            (week, {"uuid": uuid(who), **(OLD if week > 30 else NEW)})
            for week in range(1, 65)
            for who in (*range(5), *(range(5, 10) if week > 58 else ()), *(range(10, 15) if week <= 10 else ()))
        ]
    )


def test_old_reports_go_and_old_figures_stay(house: House) -> None:
    """A rebuild after the purge gives the public content from before it."""
    two_eras(house)
    house.refresh()
    before = house.public()
    uploads = house.rows("log", "select count(*) from uploads")[0][0]
    purged = int(house.succeed("receiver", "purge").split()[0])
    assert purged >= 7 * 5 + 6 * 5
    assert house.rows("log", "select count(*) from uploads") == [(uploads - purged,)]
    day = (datetime.now(UTC)).strftime("%Y-%m-%d")
    assert house.rows("log", "select min(received_at) < date(?, '-403 days') from uploads", day) == [(0,)]
    assert "is intact" in house.succeed("receiver", "check-log")

    house.refresh()
    assert house.public() == before
    house.succeed("transforms", "rebuild")
    assert house.public() == before
    assert "Weeks before" in house.revise("nothing has changed")
    assert house.public() == before
    assert house.files_with(*(uuid(who) for who in range(5, 10))) == set()  # none of their reports is left


def test_a_purge_waits_until_the_weeks_are_recorded(house: House) -> None:
    """Without history.db nothing that is too old is purged; what it does not reach stays."""
    two_eras(house)
    assert house.succeed("receiver", "purge").startswith("0 uploads deleted")
    house.refresh()
    house.settings.history.unlink()
    assert house.succeed("receiver", "purge").startswith("0 uploads deleted")


def test_retention_can_be_turned_off(house: House) -> None:
    house.settings_given["POPCON_RETENTION_DAYS"] = "0"
    two_eras(house)
    house.refresh()
    assert house.rows("history", "select received_before from kept") == [("",)]
    assert house.succeed("receiver", "purge").startswith("0 uploads deleted")


def test_the_demo_turns_retention_off_for_its_folder(house: House) -> None:
    house.settings.retention_off.write_text("")
    assert house.settings.retention_days == 0
    house.settings_given["POPCON_RETENTION_DAYS"] = "500"
    assert house.settings.retention_days == 500


def test_an_erasure_reaches_history_too(house: House) -> None:
    """Who is erased leaves history.db with the next refresh; published weeks stay, and the purged ones even longer."""
    two_eras(house)
    house.refresh()
    house.succeed("receiver", "purge")
    house.refresh()
    before = house.public()
    assert "history.db" in house.files_with(uuid(0))
    with house.running() as receiver:
        status, record = receiver.ask("GET", "/data", {"Authorization": f"Bearer {uuid(0)}"})
        assert status == 200
        assert record["of_purged_uploads"]["first_week"] < moment(63)[:10]
        assert receiver.ask("DELETE", "/data", {"Authorization": f"Bearer {uuid(0)}"})[0] == 200
    house.refresh()
    house.succeed("receiver", "purge")
    assert house.files_with(uuid(0)) == set()
    assert house.public() == before
    house.refresh(rebuild=True)
    assert house.public() == before
    assert "is intact" in house.succeed("receiver", "check-log")


def test_another_k_changes_no_published_week(house: House) -> None:
    two_eras(house)
    house.refresh()
    house.succeed("receiver", "purge")
    before = house.public()
    house.settings_given["POPCON_MIN_GROUP"] = "6"
    house.refresh()
    assert house.public() == before


@pytest.mark.parametrize("seed", length([10], list(range(30))))
def test_no_purge_leaves_a_byte_behind(house: House, seed: int) -> None:
    """Erasures at random, of bodies of all sizes, purge after purge (secure_delete alone fails with seed 10)."""
    random = Random(seed)
    print(f"seed {seed}")
    now = datetime(2026, 1, 5, tzinfo=UTC)
    living: dict[int, list[int]] = {}
    gone: set[int] = set()
    with closing(Log(house.settings.log)) as log:
        for night in range(3):
            uploads = []
            for number in range(600):
                who = night * 1000 + number
                filler = f'"{uuid(who)}",' * random.choice([1, 5, 20, 100, 400])
                body = f'{{"uuid": "{uuid(who)}", "core_version": "3.12.0", "x": [{filler[:-1]}]}}'
                uploads.append((read_report(body.encode()), "2026-01-05T00:00:00Z", None))
                living[who] = [log.last_seq + number + 1]
            log.append_imported(uploads)
            for who in random.sample(sorted(living), len(living) * random.choice([1, 30, 70]) // 100):
                record_erasure(
                    log, uuid(who), (who.to_bytes(32, "big"), bytes(8)), Found(living.pop(who), log.last_seq), now
                )
                gone.add(who)
            while delete_slice(log):
                pass
            assert finish(log, now)
            everything = (house.data / "log.db").read_bytes() + (house.data / "log.db-wal").read_bytes()
            assert [who for who in gone if uuid(who).encode() in everything] == []
    assert "is intact" in house.succeed("receiver", "check-log")


def test_a_purged_community_has_the_same_public_database(house: House, tmp_path: Path) -> None:
    """The simulated community, with caps and quarters: identical by hash."""
    house.settings_given = {"POPCON_RETENTION_DAYS": "120"}
    uploads = tmp_path / "community"
    today = datetime.now(UTC).date()
    until = (today - timedelta(days=today.weekday())).isoformat()
    house.succeed("simulation", "--installations=150", "--weeks=45", f"--until={until}", "--output", str(uploads))
    house.succeed("receiver", "import-log", str(uploads))
    house.refresh()
    before = house.settings.public.resolve().name
    purged = int(house.succeed("receiver", "purge").split()[0])
    assert purged > len(house.rows("log", "select seq from uploads"))
    refreshed = house.refresh()
    assert refreshed.is_rebuilt
    assert house.settings.public.resolve().name == before


def test_a_rebuild_that_cannot_publish_leaves_no_erased_uuid_behind(house: House) -> None:
    """Found: cut off between the new views and history.db, a rebuild left the uuid in history.db for weeks."""
    two_eras(house)
    house.refresh()
    house.succeed("receiver", "purge")
    house.refresh()
    with house.running() as receiver:
        assert receiver.ask("DELETE", "/data", {"Authorization": f"Bearer {uuid(0)}"})[0] == 200
    house.settings.public.unlink()
    house.settings.public.mkdir()  # nothing can be published
    assert house.command("transforms", "rebuild").returncode == 1
    assert "history.db" not in house.files_with(uuid(0))


def test_what_can_still_be_counted_is_published_again_on_request(house: House) -> None:
    """Found: after a purge, only the last week was."""
    two_eras(house)
    house.refresh()
    house.succeed("receiver", "purge")
    house.refresh()
    for name in ("editions.db", "public.db"):
        (house.data / name).unlink()
    house.settings_given["REPUBLISH"] = "yes"
    house.refresh()
    weeks = house.rows("public", "select count(*) from weekly_installations")[0][0]
    assert weeks > 45


def test_a_rule_takes_nobody_out_of_history(house: House) -> None:
    """Found: who was set aside for a while was then as new as the oldest report in the log."""
    two_eras(house)
    house.refresh()
    house.succeed("receiver", "purge")
    house.refresh()
    before = house.rows("history", "select * from installations order by uuid")
    house.settings.rules.write_text("field,value,first_day,last_day,reason\nuuid,*,,,x\n")
    house.refresh()
    house.settings.rules.unlink()
    house.refresh()
    assert house.rows("history", "select * from installations order by uuid") == before
