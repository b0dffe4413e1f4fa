"""The whole public database, compressed, under `latest` alone: it is replaced whenever public.db changes.

First the database, then what its package says of it: of a run that is cut off in between, the next one finds a package
that is out of date.
"""

import gzip
import hashlib
from contextlib import closing
from pathlib import Path

from files import open_read_only, write_durably
from settings import Settings
from transforms.archive.folders import replaced
from transforms.archive.package import NAME, read_package, resource, write_package
from transforms.editions.store import Editions
from transforms.publishing.publication import build

LATEST = "latest"
_DATABASE = "public.db"
_COMPRESSED = "public.db.gz"


def latest_folder(settings: Settings) -> Path:
    """Return where the database is."""
    return settings.exports / LATEST


def is_current(settings: Settings) -> bool:
    """Return whether `latest` was made when public.db was as it is now."""
    return read_package(latest_folder(settings)).get("snapshot") == settings.public.resolve().name


def write_latest(settings: Settings, editions: Editions) -> Path:
    """Write the database as it is published, but without the rows of POPCON_PUBLISH_ROWS, which are never archived.

    Raise OSError or sqlite3.Error.
    """
    snapshot = settings.public.resolve()
    with closing(open_read_only(snapshot)) as connection:
        doubt, last_week = connection.execute("select is_clock_in_doubt, last_week from publication").fetchone()
    with replaced(latest_folder(settings), _COMPRESSED, NAME) as folder:
        database = folder / _DATABASE
        build(database, settings, editions, is_clock_in_doubt=bool(doubt))
        content = database.read_bytes()
        database.unlink()
        compressed = folder / _COMPRESSED
        write_durably(compressed, gzip.compress(content, mtime=0))
        write_package(
            folder,
            LATEST,
            "Foreman popularity contest, all weeks",
            f"Weekly figures of groups of Foreman installations, up to {last_week or 'no week yet'}.",
            [resource(compressed, _DATABASE, "application/gzip", "All tables as one SQLite database, compressed.")],
            snapshot=snapshot.name,
            sha256_of_database=hashlib.sha256(content).hexdigest(),
        )
    return latest_folder(settings)
