"""An import that was cut off is repeated, and the log is as if it had not been."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.receiver.running import PATIENCE_SECONDS, ROOT, command, environment_of, report

BATCH = 10_000
FIRST, SECOND, THIRD = "2026-01-05T00:00:00Z", "2026-01-05T00:00:01Z", "2026-01-05T00:00:02Z"


def line(number: int, received_at: str, tag: str = "") -> bytes:
    member = f', "network_tag": "{tag}"' if tag else ""
    return f'{{"received_at": "{received_at}"{member}, "body": {report(number).decode()}}}\n'.encode()


def lines() -> list[bytes]:
    """Return more than two batches, both cut in the middle of a second in which uploads repeat."""
    same_second = [
        line(number % 9_000, SECOND, tag="00112233445566" + "ab"[number % 2] * 2) for number in range(20_000)
    ]
    return [*(line(number, FIRST) for number in range(500)), *same_second, line(1, THIRD), line(1, THIRD)]


def rows(data: Path) -> list[Any]:
    """Return the whole log; empty before it exists."""
    if not (data / "log.db").exists():
        return []
    with closing(sqlite3.connect(f"{(data / 'log.db').as_uri()}?mode=ro", uri=True)) as log:
        try:
            return log.execute("select * from uploads order by seq").fetchall()
        except sqlite3.OperationalError:  # its tables are being made
            return []


def import_and_kill(data: Path, fed: list[bytes], when: int) -> None:
    """Feed an import through a pipe, and kill -9 it once the log has `when` uploads and it waits for more."""
    pipe = data.with_name("pipe")
    os.mkfifo(pipe)
    process = subprocess.Popen(
        [sys.executable, "-m", "receiver", "import-log", str(pipe)], cwd=ROOT, env=environment_of(data)
    )
    with pipe.open("wb") as feeding:
        feeding.write(b"".join(fed))
        feeding.flush()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while len(rows(data)) < when:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        process.wait()
    pipe.unlink()


@pytest.mark.parametrize("batches", [1, 2])
def test_an_import_that_was_killed_can_be_repeated(tmp_path: Path, batches: int) -> None:
    """Found: what the log's last second had already was appended a second time."""
    file, whole, killed = tmp_path / "file", tmp_path / "whole", tmp_path / "killed"
    every = lines()
    file.write_bytes(b"".join(every))
    uninterrupted = command(whole, "import-log", str(file))
    assert uninterrupted.stdout == f"{len(every)} uploads appended, 0 lines refused.\n"

    import_and_kill(killed, every[: batches * BATCH + 300], when=batches * BATCH)
    assert len(rows(killed)) == batches * BATCH
    repeated = command(killed, "import-log", str(file))
    there = batches * BATCH - 500
    assert (
        repeated.stdout
        == f"{len(every) - there - 500} uploads appended, {there} already in the log, 500 lines refused.\n"
    )
    assert rows(killed) == rows(whole)

    again = command(killed, "import-log", str(file))
    assert again.stdout == f"0 uploads appended, 2 already in the log, {len(every) - 2} lines refused.\n"
    assert rows(killed) == rows(whole)
    assert command(killed, "check-log").returncode == 0


def test_uploads_of_published_weeks_are_named(tmp_path: Path) -> None:
    """Their weeks stay as they are: nobody should wonder why."""
    data, file = tmp_path / "data", tmp_path / "uploads.ndjson"
    times = [f"2026-01-{day:02}T00:00:00Z" for day in (5, 12, 19)]
    data.mkdir()
    file.write_bytes(b"".join(line(number, time) for time in times[:2] for number in range(7)))
    settings = {"POPCON_NOISE": "0", "POPCON_MIN_GROUP": "5"}
    assert "published" not in command(data, "import-log", str(file)).stdout
    subprocess.run(
        [sys.executable, "-m", "transforms", "refresh"], cwd=ROOT, env=environment_of(data, **settings), check=True
    )
    file.write_bytes(b"".join(line(number, time) for time in times[1:] for number in range(20, 23)))
    said = command(data, "import-log", str(file)).stdout.splitlines()
    assert said == [
        "6 uploads appended, 0 lines refused.",
        "6 of them are of weeks from 2026-01-12 to 2026-01-19, which are published already: what is published stays, "
        "and these uploads count from the next edition on.",
    ]
