"""views.db: where it lies, how it is opened, and what its contents depend on."""

import hashlib
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from files import attach_read_only
from settings import Settings
from transforms import sql
from vocabulary.catalogue import FOLDER, Catalogue
from vocabulary.rules import read_rules

_VIEWS = ("uploads", "proxies", "plugins", "compute_resources", "extra_facts", "set_aside", "upload_seqs")
_HERE = Path(__file__).parent
# What these hold does not change a figure.
_NO_METHOD = ("__main__.py", "checking.py", "exports.py", "publication.py", "rows.py", "swapping.py")


def method(settings: Settings) -> str:
    """Return a digest of all that the figures rest on beside the log: code, catalogue, rules, settings.

    With another one, everything is built anew.
    """
    files = [path for path in sorted(_HERE.glob("*.py")) if path.name not in _NO_METHOD]
    numbers = f"{settings.min_group} {settings.established_weeks} {settings.active_weeks}"
    rules = "\n".join(map(repr, read_rules(settings.rules)))
    texts = [path.read_text(encoding="utf-8") for path in (*files, *sorted(FOLDER.glob("*.csv")))]
    return _digest([numbers, rules, *texts, *_texts("staging"), *_texts("weeks"), *_texts("views")])


def publication(settings: Settings) -> str:
    """Return a digest of how figures are published: settings and public models."""
    return _digest([method(settings), str(settings.publish_rows), *_texts("public")])


def _texts(folder: str) -> list[str]:
    return [sql.statement(name) for name in sql.names(folder)]


def _digest(texts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def connect(path: Path, settings: Settings, catalogue: Catalogue, is_new: bool = False) -> sqlite3.Connection:
    """Open views.db for writing, with the log attached read-only as `log`; create its tables when `is_new`."""
    connection = sqlite3.connect(path.as_uri(), uri=True, isolation_level=None)
    if is_new:
        connection.execute("pragma main.journal_mode = off")  # a build that is cut off is thrown away
        connection.execute("pragma main.synchronous = off")
        connection.executescript(sql.statement("database/staging/tables"))
        for view in _VIEWS:
            connection.execute(sql.statement(f"database/views/{view}"))
        connection.executemany(
            "insert into series_releases values (?, ?, ?)",
            ((one.name, one.released_on, one.order) for one in catalogue.calendar.series),
        )
    connection.execute("pragma main.cache_size = -100000")  # KiB
    connection.execute("pragma temp_store = memory")
    attach_read_only(connection, settings.log, "log")
    connection.executescript(sql.statement("database/staging/temporary"))
    connection.executescript(sql.statement("database/staging/rules"))
    connection.executemany("insert into rules values (?, ?, ?, ?, ?)", read_rules(settings.rules))
    return connection
