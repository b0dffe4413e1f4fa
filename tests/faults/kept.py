"""What a log holds, read as another program would."""

import hashlib
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path


def kept(data: Path) -> dict[int, str]:
    """Return the SHA-256 of every body in the log, by seq."""
    with closing(sqlite3.connect(f"{(data / 'log.db').as_uri()}?mode=ro", uri=True)) as connection:
        rows = connection.execute("select seq, body from uploads").fetchall()
    return {seq: hashlib.sha256(body.encode()).hexdigest() for seq, body in rows}


def lost(acknowledged: Mapping[int, str], data: Path) -> list[int]:
    """Return the seqs that were acknowledged and are not there, or are another upload's."""
    there = kept(data)
    return [seq for seq, digest in acknowledged.items() if there.get(seq) != digest]
