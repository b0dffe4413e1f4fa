"""Which time to trust, from what is known."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.transforms.given import LOG_SCHEMA
from trusted_time import (
    ClockBehindError,
    Reading,
    TimeToUse,
    accept,
    known_time,
    newest_received,
    read_clocks,
    time_to_use,
    write_state,
)

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
READING = Reading(NOW, 1_000.0, "this-boot")


@pytest.fixture
def log(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(tmp_path / "log.db")
    connection.executescript(LOG_SCHEMA.read_text())
    yield connection
    connection.close()


def received(log: sqlite3.Connection, *times: datetime, is_import: bool = False) -> None:
    for time in times:
        seq = log.execute("select coalesce(max(seq), 0) + 1 from uploads").fetchone()[0]
        row = (seq, time.strftime("%Y-%m-%dT%H:%M:%SZ"), "u" * 16, "{}", bytes(32), bytes(16), None)
        log.execute("insert into uploads values (?, ?, ?, ?, ?, ?, ?)", row)
        if is_import:
            log.execute("insert into imports values (?, ?)", (seq, seq))
    log.commit()


def test_a_clock_that_nothing_speaks_against_is_trusted(tmp_path: Path, log: sqlite3.Connection) -> None:
    """An empty log, a log of old imports, and one whose newest upload is a week old."""
    assert time_to_use(tmp_path, log, READING) == TimeToUse(NOW)
    received(log, NOW - timedelta(days=900), is_import=True)
    assert time_to_use(tmp_path, log, READING) == TimeToUse(NOW)
    received(log, NOW - timedelta(days=7, hours=23))
    assert time_to_use(tmp_path, log, READING) == TimeToUse(NOW)


@pytest.mark.parametrize("days", [9, 365, 400])
def test_a_clock_far_ahead_of_the_newest_upload_is_not(tmp_path: Path, log: sqlite3.Connection, days: int) -> None:
    """Found: with a clock 400 days ahead, the start of the receiver deleted every upload."""
    received(log, NOW)
    received(log, NOW + timedelta(days=days), is_import=True)
    time = time_to_use(tmp_path, log, READING._replace(wall=NOW + timedelta(days=days)))
    assert time.now == NOW
    assert "but nothing was received after 2026-01-15T12:00:00Z" in time.doubt


def test_a_clock_behind_the_newest_upload_stops_a_refresh(tmp_path: Path, log: sqlite3.Connection) -> None:
    """Found: a rebuild with the clock at 1970 emptied later weeks for good."""
    received(log, NOW)
    time_to_use(tmp_path, log, READING._replace(wall=NOW - timedelta(minutes=59)))
    for wall in (NOW - timedelta(hours=2), datetime(1970, 1, 1, tzinfo=UTC)):
        with pytest.raises(ClockBehindError, match="clock --repair"):
            time_to_use(tmp_path, log, READING._replace(wall=wall))


def test_the_operators_word_stands_until_something_newer_is_received(tmp_path: Path, log: sqlite3.Connection) -> None:
    """It is the known time from then on; an upload after it counts again."""
    received(log, NOW)
    later = NOW + timedelta(days=30)
    accept(tmp_path, READING._replace(wall=later, boot_id="another"), 1)
    assert known_time(tmp_path, log) == later
    assert time_to_use(tmp_path, log, READING._replace(wall=later + timedelta(days=7))).doubt == ""
    assert time_to_use(tmp_path, log, READING._replace(wall=later + timedelta(days=9))).doubt != ""
    received(log, later + timedelta(days=20))
    assert known_time(tmp_path, log) == later + timedelta(days=20)


def test_what_the_receiver_takes_for_the_time_holds_for_a_refresh(tmp_path: Path, log: sqlite3.Connection) -> None:
    """Seconds cannot be set: what has passed since the receiver wrote its state tells the time."""
    received(log, NOW)
    write_state(tmp_path, NOW, READING)
    ten_minutes = READING._replace(wall=NOW + timedelta(minutes=10), boot_seconds=1_600.0)
    assert time_to_use(tmp_path, log, ten_minutes) == TimeToUse(NOW + timedelta(minutes=10))
    jumped = ten_minutes._replace(wall=NOW + timedelta(days=3))
    time = time_to_use(tmp_path, log, jumped)
    assert time.now == NOW + timedelta(minutes=10)
    assert "it should have been 2026-01-15T12:10:00Z" in time.doubt


@pytest.mark.parametrize(
    "change", [{"boot_id": "another"}, {"boot_seconds": 999.0}, {"boot_seconds": 1_000.0 + 3 * 3600}]
)
def test_an_old_state_says_nothing(tmp_path: Path, log: sqlite3.Connection, change: dict[str, float | str]) -> None:
    """Of another start of the machine, or of a receiver that stopped long ago."""
    received(log, NOW)
    write_state(tmp_path, NOW - timedelta(days=100), READING)
    reading = READING._replace(**change)  # type: ignore[arg-type]  # one field or the other
    assert time_to_use(tmp_path, log, reading) == TimeToUse(NOW)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe"])
def test_a_state_that_cannot_be_read_says_nothing(tmp_path: Path, log: sqlite3.Connection, content: bytes) -> None:
    received(log, NOW)
    for name in ("clock.json", "clock-accepted.json"):
        (tmp_path / name).write_bytes(content)
    assert time_to_use(tmp_path, log, READING) == TimeToUse(NOW)


def test_the_newest_received_upload_is_found_between_imports(log: sqlite3.Connection) -> None:
    assert newest_received(log) is None
    received(log, NOW, is_import=True)
    assert newest_received(log) is None
    received(log, NOW)
    received(log, NOW, NOW, is_import=True)
    assert newest_received(log) == (2, "2026-01-15T12:00:00Z")


def test_the_real_clocks_can_be_read() -> None:
    first, second = read_clocks(), read_clocks()
    assert first.boot_id == second.boot_id
    assert first.boot_seconds <= second.boot_seconds
    assert abs(first.wall - datetime.now(UTC)) < timedelta(minutes=1)


def test_the_operators_word_wins_over_what_the_receiver_wrote_before(tmp_path: Path, log: sqlite3.Connection) -> None:
    """Found: within two hours of the receiver's stop, refreshes still went by its state."""
    received(log, NOW)
    write_state(tmp_path, NOW, READING)
    later = READING._replace(wall=NOW + timedelta(days=400), boot_seconds=1_060.0)
    assert time_to_use(tmp_path, log, later).doubt
    accept(tmp_path, later, 1)
    after = later._replace(wall=later.wall + timedelta(seconds=60), boot_seconds=1_120.0)
    assert time_to_use(tmp_path, log, after) == TimeToUse(after.wall)


@pytest.mark.parametrize("content", [b'{"boot_id": "this-boot"}', b'{"trusted": "2026-01-15", "seq": 1}'])
def test_a_state_with_parts_missing_says_nothing(tmp_path: Path, log: sqlite3.Connection, content: bytes) -> None:
    """Found: a traceback."""
    received(log, NOW)
    for name in ("clock.json", "clock-accepted.json"):
        (tmp_path / name).write_bytes(content)
    assert time_to_use(tmp_path, log, READING) == TimeToUse(NOW)
