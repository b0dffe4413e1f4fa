"""A damaged or lost log is noticed, named, never written over, and its intact uploads are saved."""

import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from receiver.log.inspection import check_everything
from receiver.log.log import Log
from receiver.log.salvage import salvage_lines
from receiver.log.transfer import export_lines
from receiver.reports.report import read_report
from tests.campaign import length, seeded, tell
from tests.receiver.running import Receiver, command, report

UPLOADS = 600


def filled(data: Path, uploads: int = UPLOADS) -> list[str]:
    """Make a log in the state that a kill leaves it in, and return its lines."""
    data.mkdir(parents=True)
    source = data.with_name("source")
    source.mkdir(exist_ok=True)
    log = Log(source / "log.db")
    for number in range(uploads):
        log.append([(read_report(report(number, filler="x" * (number % 700))), None)], "2026-01-05T00:00:00Z")
        if number == uploads // 2:
            log.checkpoint()
    for name in ("log.db", "log.db-wal", "log.mark"):
        shutil.copy(source / name, data / name)
    log.close()
    shutil.rmtree(source)
    with closing(sqlite3.connect(f"{(data / 'log.db').as_uri()}?mode=ro", uri=True)) as connection:
        return list(export_lines(connection))


def closed(data: Path) -> None:
    """Bring the WAL into the database, as a receiver does that is told to stop."""
    Log(data / "log.db").close()
    assert not (data / "log.db-wal").exists()


def salvaged(data: Path) -> list[str]:
    return [line for _, line in salvage_lines(data / "log.db") if line is not None]


def refusal(data: Path) -> str:
    """Return the one line with which the receiver refuses to start; it leaves the files as they were."""
    before = {path.name: path.read_bytes() for path in data.iterdir() if path.name in ("log.db", "log.db-wal")}
    done = command(data, "serve")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1, done.stderr
    assert {path.name: path.read_bytes() for path in data.iterdir() if path.name in before} == before
    return done.stderr


def test_a_wal_that_is_gone_is_missed(tmp_path: Path) -> None:
    """SQLite opens the database without its WAL and finds it in order; the mark knows better."""
    data = tmp_path / "data"
    lines = filled(data)
    (data / "log.db-wal").unlink()
    said = refusal(data)
    assert "uploads 302 to 600: acknowledged, but not in the log" in said
    assert "make salvage" in said
    assert salvaged(data) == lines[:301]


def test_a_damaged_wal_is_missed(tmp_path: Path) -> None:
    """SQLite stops reading a WAL at the first frame whose checksum is wrong, without a word."""
    data = tmp_path / "data"
    lines = filled(data)
    wal = bytearray((data / "log.db-wal").read_bytes())
    wal[len(wal) // 2] ^= 1
    (data / "log.db-wal").write_bytes(wal)
    assert "to 600: acknowledged, but not in the log" in refusal(data)
    kept = salvaged(data)
    assert kept == lines[: len(kept)]
    assert len(kept) >= 301


def test_a_lost_log_is_not_made_anew(tmp_path: Path) -> None:
    """Without log.db, or with an empty one, nothing is created."""
    data = tmp_path / "data"
    filled(data)
    (data / "log.db").unlink()
    for _ in range(2):
        assert "log.db: gone, with uploads 1 to 600" in refusal(data)
        (data / "log.db").touch()
    assert command(data, "check-log").returncode == 1


def test_an_older_log_is_not_taken_for_the_new_one(tmp_path: Path) -> None:
    """A backup that was put back without thinking of the mark is noticed; without the mark it is taken."""
    data, older = tmp_path / "data", tmp_path / "older"
    filled(data)
    filled(older, 100)
    (data / "log.db-wal").unlink()
    shutil.copy(older / "log.db", data / "log.db")
    shutil.copy(older / "log.db-wal", data / "log.db-wal")
    assert "uploads 101 to 600" in refusal(data)
    (data / "log.mark").unlink()
    with Receiver(data) as receiver:
        assert receiver.post(report())[1]["seq"] == 101


def test_a_file_that_was_cut_is_noticed(tmp_path: Path) -> None:
    """100 bytes off the end pass SQLite's own check."""
    data = tmp_path / "data"
    lines = filled(data)
    closed(data)
    whole = (data / "log.db").read_bytes()
    (data / "log.db").write_bytes(whole[:-100])
    assert "bytes long where" in refusal(data)
    assert set(salvaged(data)) <= set(lines)


def test_a_page_of_zeros_takes_only_its_own_uploads(tmp_path: Path) -> None:
    """check-log names the uploads on the page, and all others are saved."""
    data = tmp_path / "data"
    lines = filled(data)
    closed(data)
    whole = bytearray((data / "log.db").read_bytes())
    page = 4096 * 60
    whole[page : page + 4096] = bytes(4096)
    (data / "log.db").write_bytes(whole)
    assert "cannot be read" in refusal(data)
    checked = command(data, "check-log")
    assert checked.returncode == 1
    assert "cannot be read" in checked.stdout
    kept = salvaged(data)
    assert len(lines) - 20 < len(kept) < len(lines)
    assert set(kept) < set(lines)


def test_a_definition_that_is_no_text_any_more_costs_no_upload(tmp_path: Path) -> None:
    """SQLite then quotes bytes that are no UTF-8, and will not read a table; the uploads are all there."""
    data = tmp_path / "data"
    lines = filled(data)
    closed(data)
    whole = (data / "log.db").read_bytes()
    assert b" order by" in whole
    (data / "log.db").write_bytes(whole.replace(b" order by", b" order\xa0by"))
    assert "log.db is damaged" in refusal(data)
    checked = command(data, "check-log")
    assert checked.returncode == 1
    assert "Traceback" not in checked.stderr
    assert salvaged(data) == lines


def test_a_flipped_bit_is_found_or_changes_nothing(tmp_path: Path) -> None:
    """Wherever a bit flips in the database, check-log finds it, or every body reads as it did."""
    random, seed = seeded()
    data = tmp_path / "data"
    lines = filled(data, 300)
    closed(data)
    whole = (data / "log.db").read_bytes()
    found = harmless = 0
    for _ in range(flips := length(30, 300)):
        damaged = bytearray(whole)
        place = random.randrange(100, len(damaged))
        damaged[place] ^= 1 << random.randrange(8)
        (data / "log.db").write_bytes(damaged)
        if any(check_everything(data / "log.db")):
            found += 1
            assert {_body(line) for line in salvaged(data)} <= {_body(line) for line in lines}
        else:
            harmless += 1
            assert [_body(line) for line in salvaged(data)] == [_body(line) for line in lines]
    tell(seed=seed, flips=flips, found=found, without_effect=harmless)
    assert found


def test_salvaged_uploads_make_a_new_log(tmp_path: Path) -> None:
    """The way back: salvage, move the folder away, import, check, start."""
    data, fresh = tmp_path / "data", tmp_path / "fresh"
    filled(data)
    (data / "log.db-wal").unlink()
    lines, file = salvaged(data), tmp_path / "salvaged.ndjson"
    assert command(data, "salvage", str(file)).stdout == f"301 uploads written to {file}, 299 are not intact.\n"
    assert command(fresh, "import-log", str(file)).returncode == 0
    assert command(fresh, "check-log").stdout.endswith("is intact.\n")
    with Receiver(fresh) as receiver:
        assert receiver.post(report())[1]["seq"] == len(lines) + 1


def test_a_sound_log_is_checked_while_it_is_written(tmp_path: Path) -> None:
    """check-log finds nothing in a log that grows at the same time."""
    with Receiver(tmp_path / "data") as receiver:
        for number in range(50):
            receiver.post(report(number))
        started = time.monotonic()
        assert command(receiver.data, "check-log").returncode == 0
        tell(seconds=round(time.monotonic() - started, 2))


def _body(line: str) -> str:
    return line.partition('"body": ')[2]
