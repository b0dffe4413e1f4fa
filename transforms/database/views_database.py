"""views.db: how it is opened and created."""

import sqlite3
import uuid
from pathlib import Path

from files import attach_read_only
from settings import Settings
from transforms.database import purges
from transforms.sql import statement
from vocabulary.catalogue import Catalogue
from vocabulary.rules import read_rules

_VIEWS = ("uploads", "proxies", "plugins", "compute_resources", "extra_facts", "set_aside", "upload_seqs")


def new_path(settings: Settings) -> Path:
    """Return where a new views.db may be written, for the link to point to when it is whole."""
    return settings.snapshots / f"views-{uuid.uuid4().hex[:16]}.db"


def begin(connection: sqlite3.Connection, method: str) -> None:
    """Write the checkpoint of a new views.db, which has transformed nothing yet."""
    start = (method, purges.last_purge(connection), purges.last_correction(connection))
    connection.execute("insert into checkpoint values (1, 0, null, null, ?, '', ?, ?, 0, 0, 0, '')", start)


def connect(path: Path, settings: Settings, catalogue: Catalogue, is_new: bool = False) -> sqlite3.Connection:
    """Open views.db for writing, with the log attached read-only as `log`; create its tables when `is_new`."""
    connection = sqlite3.connect(path.as_uri(), uri=True, isolation_level=None)
    if is_new:
        connection.execute("pragma main.journal_mode = off")  # a build that is cut off is thrown away
        connection.execute("pragma main.synchronous = off")
        connection.executescript(statement("database/tables"))
        for view in _VIEWS:
            connection.execute(statement(f"database/views/{view}"))
        connection.executemany(
            "insert into series_releases values (?, ?, ?)",
            ((one.name, one.released_on, one.order) for one in catalogue.calendar.series),
        )
    connection.execute("pragma main.cache_size = -100000")  # KiB
    connection.execute("pragma temp_store = memory")
    attach_read_only(connection, settings.log, "log")
    connection.executescript(statement("database/staging/temporary"))
    connection.executescript(statement("database/staging/rules"))
    connection.executemany("insert into rules values (?, ?, ?, ?, ?)", read_rules(settings.rules))
    return connection
