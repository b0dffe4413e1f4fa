"""views.db: how it is opened and created."""

import sqlite3
import uuid
from contextlib import closing
from datetime import datetime
from pathlib import Path

from files import attach_read_only, open_read_only
from settings import Settings
from transforms.database import purges
from transforms.database.method import method_digest
from transforms.sql import statement
from transforms.weeks.noise import NoiseKey
from trusted_time import ClockBehindError
from vocabulary.catalogue import Catalogue
from vocabulary.rules import read_rules
from weeks import week_of

_VIEWS = ("uploads", "proxies", "plugins", "compute_resources", "extra_facts", "set_aside", "upload_seqs")


def new_path(settings: Settings) -> Path:
    """Return where a new views.db may be written, for the link to point to when it is whole."""
    return settings.snapshots / f"views-{uuid.uuid4().hex[:16]}.db"


def begin(connection: sqlite3.Connection, method: str) -> None:
    """Write the checkpoint of a new views.db, which has transformed nothing yet."""
    start = (method, purges.last_purge(connection), purges.last_correction(connection))
    connection.execute("insert into checkpoint values (1, 0, null, null, null, null, ?, '', ?, ?, 0, 0, '')", start)


def connect(path: Path | None, settings: Settings, key: NoiseKey, is_new: bool = False) -> sqlite3.Connection:
    """Open views.db for writing, with the log attached read-only as `log`; create its tables when `is_new`.

    Without a path, it is in memory alone.  In SQL, `record_key(uuid)` is the record key of an installation under `key`.
    """
    connection = sqlite3.connect(path.as_uri() if path else ":memory:", uri=True, isolation_level=None)
    if is_new:
        connection.execute("pragma main.journal_mode = off")  # a build that is cut off is thrown away
        connection.execute("pragma main.synchronous = off")
        connection.executescript(statement("database/tables"))
        for view in _VIEWS:
            connection.execute(statement(f"database/views/{view}"))
    connection.create_function("record_key", 1, key.record_key, deterministic=True)
    connection.execute("pragma main.cache_size = -100000")  # KiB
    connection.execute("pragma temp_store = memory")
    attach_read_only(connection, settings.log, "log")
    connection.executescript(statement("database/staging/temporary"))
    connection.executescript(statement("database/staging/rules"))
    connection.executemany("insert into rules values (?, ?, ?, ?, ?)", read_rules(settings.rules))
    return connection


def is_current(settings: Settings, catalogue: Catalogue, key: NoiseKey, now: datetime) -> bool:
    """Whether views.db is there, was made by today's method, is of this log, and holds nothing purged for its age.

    Raise ClockBehindError where it has counted weeks that the clock has not reached.
    """
    if not settings.views.exists():
        return False
    try:
        with closing(open_read_only(settings.views)) as connection:
            checkpoint = connection.execute(
                "select seq, method, purge_id, correction_id, coalesce(counted_until, '') from checkpoint"
            ).fetchone()
            seq, method, purge_id, correction_id, counted_until = checkpoint
            attach_read_only(connection, settings.log, "log")
            is_corrected = correction_id != purges.last_correction(connection)
            if counted_until > week_of(now.date().isoformat()) and not is_corrected:
                raise ClockBehindError(
                    f"The clock says {now:%Y-%m-%d}, but the weeks before {counted_until} are counted already. Correct "
                    f"the clock. If it is right, delete {settings.views} and run `make rebuild-views`."
                )
            if is_corrected or "retention" in purges.reasons_since(connection, purge_id, seq):
                return False
            return bool(method == method_digest(settings, catalogue, key) and seq <= purges.last_seq(connection))
    except (sqlite3.DatabaseError, TypeError) as error:  # of an older version of this project, or damaged
        if getattr(error, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_IOERR", "SQLITE_CANTOPEN")):
            raise
        return False
