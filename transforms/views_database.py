"""views.db: where it lies, how it is opened, and what its contents depend on."""

import hashlib
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from settings import Settings
from transforms import catalogue, reading, sql

_VIEWS = ("uploads", "proxies", "plugins", "compute_resources", "extra_facts", "set_aside", "upload_seqs")


@dataclass(frozen=True)
class Fingerprints:
    """Digests of what views.db is made with.  When one differs, what depends on it is made again."""

    method: str  # how reports are read: code, catalogue, tables
    counting: str  # how weeks are counted: settings, statements
    publication: str  # how figures are published: settings, public models

    @classmethod
    def of(cls, settings: Settings) -> "Fingerprints":
        method_files = [Path(reading.__file__), Path(catalogue.__file__), *sorted(catalogue.FOLDER.glob("*.csv"))]
        numbers = f"{settings.min_group} {settings.established_weeks} {settings.active_weeks}"
        return cls(
            method=_digest(
                [*(path.read_text(encoding="utf-8") for path in method_files), *_texts("staging"), *_texts("views")]
            ),
            counting=_digest([numbers, *_texts("weeks")]),
            publication=_digest([numbers, *_texts("public")]),
        )


def _texts(folder: str) -> list[str]:
    return [sql.statement(name) for name in sql.names(folder)]


def _digest(texts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def connect(path: Path, log: Path, is_new: bool = False) -> sqlite3.Connection:
    """Open views.db for writing, with the log attached read-only as `log`; create its tables when `is_new`.

    Anything but mode=ro would checkpoint the log and delete its WAL when this connection is the last to close.
    """
    connection = sqlite3.connect(path.as_uri(), uri=True, isolation_level=None)
    if is_new:
        connection.execute("pragma main.journal_mode = off")  # a build that is cut off is thrown away
        connection.execute("pragma main.synchronous = off")
        connection.executescript(sql.statement("staging/tables"))
        for view in _VIEWS:
            connection.execute(sql.statement(f"views/{view}"))
    connection.execute("pragma cache_size = -64000")  # KiB
    connection.execute("pragma temp_store = memory")
    connection.execute("attach ? as log", (f"{log.as_uri()}?mode=ro",))
    connection.create_function("series", 1, reading.series, deterministic=True)
    connection.executescript(sql.statement("staging/temporary"))
    return connection
