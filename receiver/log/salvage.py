"""Save the intact uploads of a damaged log, one by one, as lines that `import-log` reads."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from receiver.log.gaps import Gaps
from receiver.log.high_water_mark import UnreadableMarkError, read_high_water_mark
from receiver.log.integrity import is_intact, is_readable, last_seq, open_for_reading, read_upload
from receiver.log.opening import DAMAGE
from receiver.log.transfer import as_line

_SELECT_TAG = "select network_tag from uploads where seq = ?"


def salvage_lines(path: Path) -> Iterator[tuple[int, str | None]]:
    """Yield every seq that should exist, with its line, or None where that upload is not intact.

    What a purge has recorded, finished or not, is left out.
    Each upload is read by itself, so that a damaged page costs only its own uploads.
    Raise sqlite3.Error when nothing at all can be read.
    """
    try:
        mark = read_high_water_mark(path.parent)
    except UnreadableMarkError:
        mark = None
    with closing(open_for_reading(path)) as connection:
        connection.execute("pragma writable_schema = on")  # read as much as possible of a damaged schema
        gaps = Gaps()
        try:
            gaps = Gaps.read(connection)
            last = last_seq(connection, gaps)
        except DAMAGE:
            if mark is None:
                raise
            last = 0
        for first, end in gaps.outside(1, max(last, mark.seq if mark else 0)):
            for seq in range(first, end + 1):
                yield seq, _line(connection, seq)


def _line(connection: sqlite3.Connection, seq: int) -> str | None:
    row = read_upload(connection, seq)
    if row is None or not is_readable(row) or not is_intact(row[3], row[4]):
        return None
    try:
        tag = connection.execute(_SELECT_TAG, (seq,)).fetchone()[0]
    except DAMAGE:
        tag = None  # the upload is worth keeping without it
    return as_line(row[1].decode(errors="replace"), row[3].decode(), tag if isinstance(tag, bytes) else None)
