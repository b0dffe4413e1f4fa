"""A power cut at any moment loses no acknowledged upload; and the harness that says so does notice when one is lost."""

import os
import shutil
import signal
import sqlite3
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from receiver.log.high_water_mark import UnreadableMarkError
from receiver.log.inspection import DamagedLogError
from receiver.log.log import Log
from tests.campaign import length, seeded, tell
from tests.faults.clients import Clients
from tests.faults.kept import lost
from tests.faults.system_calls import STRACE, Disk, Event, events
from tests.programs import need_program
from tests.receiver.running import Receiver

HOWS = ("none", "all", "subset", "torn")


def record_of(how: str, folder: Path, seconds: float) -> list[Event]:
    """Run the receiver under load and return what it did until it was killed."""
    record, data = folder / f"{how}.strace", folder / how
    prefix = [need_program("strace"), *STRACE, "-o", str(record)]
    with Receiver(data, prefix=prefix, module=("tests.faults.sabotage", how)) as receiver:
        clients = Clients(receiver.port, 8)
        with clients.at_work():
            time.sleep(seconds)
            children = Path(f"/proc/{receiver.process.pid}/task/{receiver.process.pid}/children").read_text()
            os.kill(int(children.split()[0]), signal.SIGKILL)
            receiver.process.wait()
            clients.stop()
    return list(events(record, data))


def verdict(image: dict[str, bytes], acknowledged: dict[int, str], folder: Path) -> str:
    """Write the files of an image, open the log as the receiver does, and say what happened to acknowledged uploads."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in image.items():
        (folder / name).write_bytes(content)
    try:
        Log(folder / "log.db").close()
    except (DamagedLogError, UnreadableMarkError) as error:
        return "lost" if "not in the log" in str(error) or "gone" in str(error) else "damaged"
    except sqlite3.DatabaseError:
        return "damaged"
    with closing(sqlite3.connect(folder / "log.db")) as connection:
        if connection.execute("pragma integrity_check").fetchone() != ("ok",):
            return "damaged"
    return "lost" if lost(acknowledged, folder) else "whole"


def campaign(how: str, images: int, folder: Path, seconds: float) -> Counter[str]:
    """Return how many images of a run came to which verdict."""
    random, seed = seeded()
    happened = record_of(how, folder, seconds)
    first = next(place for place, event in enumerate(happened) if event.kind == "acknowledge")
    cuts = sorted(random.choices(range(first, len(happened)), k=images))
    disk, acknowledged, done = Disk(), dict[int, str](), 0
    verdicts: Counter[str] = Counter()
    for number, cut in enumerate(cuts):
        for place, event in enumerate(happened[done : cut + 1], start=done):
            if event.kind == "acknowledge":
                acknowledged[event.offset] = event.content.decode()
            disk.take(place, event)
        done = cut + 1
        verdicts[verdict(disk.image(HOWS[number % len(HOWS)], random), acknowledged, folder / "image")] += 1
    syncs = sum(event.kind == "sync" for event in happened)
    tell(receiver=how, seed=seed, images=images, syncs=syncs, acknowledged=len(acknowledged), verdicts=dict(verdicts))
    return verdicts


def test_a_power_cut_loses_nothing_acknowledged(tmp_path: Path) -> None:
    """What was not yet synced may be there, missing or torn: every acknowledged upload is there."""
    images = length(80, 400)
    assert campaign("sound", images, tmp_path, length(1, 4)) == {"whole": images}


@pytest.mark.parametrize("how", ["normal", "off", "early"])
def test_the_harness_notices_a_broken_receiver(tmp_path: Path, how: str) -> None:
    """With a weaker sync, or an acknowledgement before the commit, the same images do lose uploads."""
    verdicts = campaign(how, length(40, 320), tmp_path, length(1, 4))
    assert verdicts["lost"] + verdicts["damaged"] > 0
