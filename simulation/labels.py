"""The file that tells the hostile uploads from the honest ones: what a test holds against what was caught."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

import orjson

from simulation.uploads import Upload, instant_text


def labelled(uploads: Iterable[Upload], labels: BinaryIO | None) -> Iterator[Upload]:
    """Yield the uploads as they come, and write one JSON line for each of a scenario.

    `{"line": 1234, "uuid": "…", "received_at": "…", "scenario": "stuffer"}`, where `line` counts all uploads from 1.
    """
    for line, upload in enumerate(uploads, start=1):
        if upload.scenario and labels:
            label = {
                "line": line,
                "uuid": upload.uuid,
                "received_at": instant_text(upload.received_at),
                "scenario": upload.scenario,
            }
            labels.write(orjson.dumps(label) + b"\n")
        yield upload
