"""Find what is stored about one installation.  The log has no index by uuid, so views.db says where to look.

Uploads newer than views.db are searched, up to a limit; without a views.db that is the whole log.

Read-only, on its own connections, and in short transactions; called from a thread of its own.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from receiver import limits
from receiver.log.gaps import Gaps
from receiver.log.opening import open_log_read_only

_SLICE_UPLOADS = 5_000  # searched in one transaction
_IN_VIEWS = "select seq from upload_seqs where uuid = ? order by seq"
_IN_LOG = "select seq from uploads where seq > ? and seq <= ? and uuid = ?"
_UPLOAD = """
select seq, received_at, body_sha256, configuration, network_tag, body
from uploads
where seq = ? and uuid = ?
"""
_EARLIER = "select first_week, week_count, established_week, capped_week from installations where uuid = ?"


class ViewsBehindError(RuntimeError):
    """Too much of the log is newer than views.db, which may be missing or of another log; a refresh fixes it."""


@dataclass(frozen=True)
class Found:
    """The seqs of one installation up to `searched_to`, in order."""

    seqs: list[int]
    searched_to: int


@dataclass(frozen=True)
class Lookup:
    """The private databases, read for a single installation."""

    log: Path
    views: Path
    history: Path

    def find(self, uuid: str) -> Found:
        """Return the uploads of `uuid` that still count.  Raise ViewsBehindError or sqlite3.Error."""
        seqs, checkpoint = self._in_views(uuid)
        with closing(_open(self.log)) as log:
            gaps = Gaps.read(log)
            newest = log.execute("select coalesce(max(seq), 0) from uploads").fetchone()[0]
            last = max(newest, gaps.last_seq)
            if checkpoint > last:  # of another log
                seqs, checkpoint = [], 0
            if last - checkpoint > limits.LOOKUP_UPLOADS_MAX:
                raise ViewsBehindError
            for after in range(checkpoint, last, _SLICE_UPLOADS):
                seqs += [seq for (seq,) in log.execute(_IN_LOG, (after, min(after + _SLICE_UPLOADS, last), uuid))]
        return Found([seq for seq in seqs if seq not in gaps], last)

    def document(self, uuid: str, found: Found, of_purged: dict[str, Any] | None) -> Iterator[bytes]:
        """Yield everything stored about `uuid` as one JSON object, an upload at a time.

        The log is opened for each of them, so that a reader who stalls holds no file and blocks no purge.
        """
        yield b'{"uploads":['
        separator = b""
        for seq in found.seqs:
            with closing(_open(self.log)) as log:
                row = log.execute(_UPLOAD, (seq, uuid)).fetchone()
            if row:
                yield separator + orjson.dumps(_as_stored(row))
                separator = b","
        yield b'],"of_purged_uploads":%s}' % orjson.dumps(of_purged)

    def _in_views(self, uuid: str) -> tuple[list[int], int]:
        """Return the seqs in views.db, and its checkpoint."""
        if not self.views.exists():
            return [], 0
        try:
            with closing(_open(self.views)) as views:
                views.execute("begin")  # both queries see the same moment
                seqs = [seq for (seq,) in views.execute(_IN_VIEWS, (uuid,))]
                return seqs, views.execute("select seq from checkpoint").fetchone()[0]
        except (sqlite3.Error, TypeError):  # of another version of this project
            return [], 0

    def of_purged(self, uuid: str) -> dict[str, Any] | None:
        """Return what history.db has about purged uploads, None if nothing.  Raise sqlite3.Error."""
        if not self.history.exists():
            return None
        with closing(_open(self.history)) as history:
            cursor = history.execute(_EARLIER, (uuid,))
            row = cursor.fetchone()
            return row and dict(zip((column for column, *_ in cursor.description), row, strict=True))


def _as_stored(row: tuple[int, str, bytes, bytes, bytes | None, str]) -> dict[str, Any]:
    seq, received_at, body_sha256, configuration, network_tag, body = row
    return {
        "seq": seq,
        "received_at": received_at,
        "sha256": body_sha256.hex(),
        "configuration": configuration.hex(),
        "network_tag": network_tag and network_tag.hex(),
        "body": orjson.Fragment(body),
    }


def _open(path: Path) -> sqlite3.Connection:
    return open_log_read_only(path, isolation_level=None, check_same_thread=False)
