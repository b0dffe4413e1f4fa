"""The receiver under a clock that is wrong, or that steps."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from receiver.clock import TrustedClock
from receiver.log.log import Log
from receiver.reports.report import read_report
from tests.receiver.running import Receiver, command, report
from tests.rights.house import House
from transforms.pipeline import refresh
from trusted_time import Reading, accept

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
DAY = 24 * 3600.0


@dataclass
class Clocks:
    """Clocks that a test sets."""

    reading: Reading

    def __call__(self) -> Reading:
        return self.reading

    def pass_(self, seconds: float, *, step: timedelta = timedelta()) -> None:
        wall = self.reading.wall + timedelta(seconds=seconds) + step
        self.reading = self.reading._replace(wall=wall, boot_seconds=self.reading.boot_seconds + seconds)


@pytest.fixture
def clocks() -> Clocks:
    return Clocks(Reading(NOW, 1_000.0, "boot"))


def clock_of(folder: Path, clocks: Callable[[], Reading], known: datetime | None = None) -> TrustedClock:
    return TrustedClock(folder, clocks, known, lambda: 7)


@pytest.mark.parametrize("step", [timedelta(hours=2), timedelta(days=400), timedelta(hours=-2), timedelta(days=-20000)])
def test_a_step_puts_the_clock_in_doubt_and_time_goes_on(tmp_path: Path, clocks: Clocks, step: timedelta) -> None:
    clock = clock_of(tmp_path, clocks)
    clocks.pass_(60, step=step)
    assert clock() == NOW + timedelta(seconds=60)
    assert clock.doubt
    assert clock.drift_seconds == step.total_seconds()
    clocks.pass_(60, step=-step)
    assert (clock(), clock.doubt) == (clocks().wall, "")


def test_a_day_in_step_makes_the_clock_trusted_again(tmp_path: Path, clocks: Clocks) -> None:
    """After a restart too, though nothing was received: it is on file, like the operator's word."""
    clock = clock_of(tmp_path, clocks)
    clocks.pass_(60, step=timedelta(days=12))
    clock()
    clocks.pass_(DAY - 10)
    assert clock() == NOW + timedelta(seconds=60 + DAY - 10)
    clocks.pass_(20)
    assert (clock(), clock.doubt) == (clocks().wall, "")
    assert json.loads((tmp_path / "clock-accepted.json").read_bytes())["seq"] == 7


def test_a_clock_that_steps_again_begins_its_day_anew(tmp_path: Path, clocks: Clocks) -> None:
    clock = clock_of(tmp_path, clocks)
    for _ in range(5):
        clocks.pass_(DAY / 2, step=timedelta(days=1))
        clock()
    assert clock.doubt
    assert clock() == NOW + timedelta(seconds=5 * DAY / 2)


def test_small_steps_are_what_a_time_server_does(tmp_path: Path, clocks: Clocks) -> None:
    """Corrections of a minute, one in an hour, do not add up to a doubt."""
    clock = clock_of(tmp_path, clocks)
    for _ in range(48):
        clock.look_around()
        clocks.pass_(3600, step=timedelta(minutes=1))
    assert (clock(), clock.doubt) == (clocks().wall, "")


def test_the_operators_word_is_taken_within_seconds(
    tmp_path: Path, clocks: Clocks, caplog: pytest.LogCaptureFixture
) -> None:
    clock = clock_of(tmp_path, clocks, known=NOW - timedelta(days=30))
    clock.look_around()
    assert clock() == NOW - timedelta(days=30)
    assert "If it is right, say so: `.venv/bin/python -m receiver clock --accept`" in caplog.text
    accept(tmp_path, clocks(), 7)
    clock.look_around()
    assert (clock(), clock.doubt) == (NOW, "")
    assert "The clock is trusted again." in caplog.text
    state = json.loads((tmp_path / "clock.json").read_bytes())
    assert state["trusted"].startswith("2026-01-15T12:00:00")


def ahead(data: Path, days: int) -> Receiver:
    """Return a receiver whose clock is so many days ahead."""
    environment = {"SECONDS_BEHIND": str(-days * 86_400)}
    return Receiver(data, module=("tests.faults.small_bounds",), environment=environment)


def test_a_start_with_a_clock_far_ahead_deletes_nothing_and_stamps_nothing_wrong(tmp_path: Path) -> None:
    """Found: 365 days ahead, a start deleted 33,586 of 35,677 uploads; 400 days ahead, all of them.

    And one upload under such a clock gave every later upload that time.
    """
    with House(tmp_path / "data") as house:
        reports = [{"uuid": f"{who:032d}", "core_version": "3.12.0"} for who in range(4)]
        house.bring_in([(week, each) for week in range(1, 50) for each in reports])
        with Receiver(house.data) as receiver:
            first = receiver.post(report(1))[1]["received_at"]
        house.refresh()
        before = house.rows("log", "select count(*) from uploads")
        with ahead(house.data, 400) as receiver:
            second = receiver.post(report(2))[1]["received_at"]
            status, ready = receiver.get("/readyz")
            assert status == 200
            assert "nothing was received after" in ready["warnings"][0]
            assert receiver.metrics()["popcon_clock_drift_seconds"] > 399 * 86_400
            refreshed = house.command("transforms", "refresh")
            assert refreshed.returncode == 0, refreshed.stderr
            assert receiver.stop() == 0
        with Receiver(house.data) as receiver:
            third = receiver.post(report(3))[1]["received_at"]
            assert "warnings" not in receiver.get("/readyz")[1]
        assert first <= second <= third
        assert second < f"{datetime.fromisoformat(first) + timedelta(minutes=5):%Y-%m-%dT%H:%M:%SZ}"
        assert house.rows("log", "select count(*) from uploads")[0][0] == before[0][0] + 2
        assert house.refresh().uploads == 1


def test_uploads_with_a_time_yet_to_come_can_be_repaired(tmp_path: Path) -> None:
    """Found: one upload under a wrong clock stopped every refresh, even months later, and no repair was documented."""
    with House(tmp_path / "data") as house:
        with Receiver(house.data) as receiver:
            received_at = receiver.post(report(1))[1]["received_at"]
        late_uploads = [(read_report(report(number)), None) for number in (2, 3)]
        in_90_days = datetime.now(UTC) + timedelta(days=90)
        with closing(Log(house.settings.log)) as log:
            log.append(late_uploads, f"{in_90_days:%Y-%m-%dT%H:%M:%SZ}")  # as an older version did
        with Receiver(house.data) as receiver:
            late = receiver.post(report(4))[1]["received_at"]
            assert late > received_at[:8]
            assert receiver.get("/readyz")[0] == 503
        refused = house.command("transforms", "refresh")
        assert refused.returncode == 1
        assert "clock --repair" in refused.stderr
        assert house.command("receiver", "clock", "--accept").returncode == 1
        would = house.succeed("receiver", "clock", "--repair")
        assert would.startswith(f"This would change the times of 3 of 4 uploads, {late[:10]}")
        assert house.rows("log", "select count(distinct received_at) from uploads")[0][0] > 1
        said = house.succeed("receiver", "clock", "--repair", "--yes")
        assert said.startswith("The times of 3 of 4 uploads, ")
        assert len(house.rows("log", "select * from corrected_times where was > ?", received_at)) == 3
        assert house.rows("log", "select distinct received_at from uploads") == [(received_at,)]
        assert "is intact" in house.succeed("receiver", "check-log")
        assert house.succeed("receiver", "clock").startswith("The clock is trusted")
        assert "4 uploads transformed" in house.succeed("transforms", "refresh")
        assert "nothing was changed" in house.succeed("receiver", "clock", "--repair", "--yes")
        with Receiver(house.data) as receiver:
            assert receiver.get("/readyz")[0] == 200
            assert receiver.post(report(5))[1]["received_at"] >= received_at


def test_the_log_takes_no_other_update(tmp_path: Path) -> None:
    """A correction changes the time of what it names, and nothing else."""
    with House(tmp_path / "data") as house, Receiver(house.data) as receiver:
        receiver.post(report(1))
        assert receiver.stop() == 0
        with closing(sqlite3.connect(house.settings.log)) as log:
            for change in ("received_at = '2020-01-01T00:00:00Z'", "body = '{}'", "uuid = 'x'", "network_tag = null"):
                with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                    log.execute(f"update uploads set {change}")


def test_an_operator_is_told_how_the_clock_stands(tmp_path: Path) -> None:
    missing = command(tmp_path / "data", "clock")
    assert (missing.returncode, missing.stdout) == (1, "")
    assert "nothing to hold the clock against" in missing.stderr
    with Receiver(tmp_path / "data") as receiver:
        receiver.post(report(1))
        said = command(tmp_path / "data", "clock")
        assert said.stdout.startswith("The clock is trusted: it is ")
        assert command(tmp_path / "data", "clock", "--accept").returncode == 0
        busy = command(tmp_path / "data", "clock", "--repair")
        assert busy.returncode == 1
        assert "is in use by" in busy.stderr


def test_an_import_cannot_bring_a_time_yet_to_come(tmp_path: Path) -> None:
    """Found: a line of the year 2999 was taken without a word, and every later upload got that time."""
    lines = tmp_path / "lines"
    lines.write_bytes(b'{"received_at": "2999-01-01T00:00:00Z", "body": %s}\n' % report(1))
    done = command(tmp_path / "data", "import-log", str(lines))
    assert "0 uploads appended, 1 lines refused" in done.stdout
    assert "is later than now" in done.stderr


def test_imports_alone_are_not_deleted_under_a_clock_far_ahead(tmp_path: Path) -> None:
    """Found: of a log that was salvaged or moved, one refresh and one start left no upload, without a word."""
    with House(tmp_path / "data") as house:
        reports = [{"uuid": f"{who:032d}", "core_version": "3.12.0"} for who in range(5)]
        house.bring_in([(week, each) for week in range(1, 30) for each in reports])
        house.refresh()
        refresh(house.settings, datetime.now(UTC) + timedelta(days=400))
        with ahead(house.data, 400) as receiver:
            receiver.get("/readyz")
            assert receiver.stop() == 0
        assert house.rows("log", "select count(*) from uploads") == [(29 * 5,)]
        assert house.rows("history", "select received_before from kept") == [("",)]
        house.settings.views.unlink()
        house.succeed("transforms", "rebuild")
        assert house.rows(
            "public", "select established from weekly_installations order by week_start desc limit 1"
        ) == [(5,)]


def test_a_clock_that_was_behind_at_start_is_looked_at_again(tmp_path: Path, clocks: Clocks) -> None:
    """Found: a machine that starts in 1970 until its time server answers had a clock in doubt for a day."""
    right = clocks().wall
    clocks.reading = clocks()._replace(wall=datetime(1970, 1, 1, tzinfo=UTC))
    clock = clock_of(tmp_path, clocks, known=right - timedelta(days=3))
    assert clock() == right - timedelta(days=3)
    assert "but an upload was received at" in clock.doubt
    clocks.reading = clocks()._replace(wall=right)
    assert (clock(), clock.doubt) == (right, "")


def test_a_repair_under_a_clock_in_doubt_is_refused(tmp_path: Path) -> None:
    """Found: at a clock 100 days behind, it gave 1,850 uploads one time."""
    with House(tmp_path / "data") as house:
        with Receiver(house.data) as receiver:
            receiver.post(report(1))
        state = json.loads((house.data / "clock.json").read_bytes())
        state["trusted"] = (datetime.now(UTC) + timedelta(days=100)).isoformat()
        (house.data / "clock.json").write_text(json.dumps(state))
        refused = house.command("receiver", "clock", "--repair", "--yes")
        assert refused.returncode == 1
        assert "Correct the clock first" in refused.stderr
