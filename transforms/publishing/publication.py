"""Build a new public database, check it, and only then point the link to it."""

import hashlib
import sqlite3
from math import sqrt
from pathlib import Path
from random import Random

from files import attach_read_only, point_link
from settings import Settings
from transforms.database.method import digest, method_digest
from transforms.publishing.checking import check
from transforms.publishing.models import models
from transforms.publishing.rows import write_rows
from transforms.room import require_room, size_of
from transforms.sql import statement
from vocabulary.catalogue import Catalogue


def publication_digest(settings: Settings, catalogue: Catalogue) -> str:
    """Return a digest of how figures are published: the method, the settings and the public models."""
    tables = [text for model in models() for text in (model.definition, model.select)]
    return digest(
        [method_digest(settings, catalogue), str(settings.publish_rows), statement("publishing/rows"), *tables]
    )


def publish(settings: Settings, views: Path, random: Random, *, is_clock_in_doubt: bool = False) -> bool:
    """Make `public.db` show what `views` has now; return whether that changed anything.

    Raise NotPublishedError or NoRoomError.
    """
    settings.snapshots.mkdir(exist_ok=True)
    require_room(settings.data, size_of(settings.public), "Publication")
    draft = settings.snapshots / ".public-draft.db"
    draft.unlink(missing_ok=True)
    build(draft, views, settings, random, is_clock_in_doubt=is_clock_in_doubt)
    check(draft, views, settings.min_group)
    content = draft.read_bytes()
    snapshot = settings.snapshots / f"public-{hashlib.sha256(content).hexdigest()[:16]}.db"
    if settings.public.resolve() == snapshot and snapshot.exists() and snapshot.read_bytes() == content:
        draft.unlink()
        return False
    draft.replace(snapshot)  # one of that name may be there, damaged
    point_link(settings.public, snapshot)
    return True


def build(draft: Path, views: Path, settings: Settings, random: Random, *, is_clock_in_doubt: bool = False) -> None:
    """Write the public tables into the new file `draft`, each by its model, from the figures in `views`."""
    parameters = {
        "min_group": settings.min_group,
        "established_weeks": settings.established_weeks,
        "active_weeks": settings.active_weeks,
        "is_clock_in_doubt": int(is_clock_in_doubt),
    }
    connection = sqlite3.connect(draft.as_uri(), uri=True, isolation_level=None)
    connection.execute("pragma journal_mode = off")  # a draft that is cut off is thrown away
    connection.execute("pragma synchronous = off")
    connection.create_function("sqrt", 1, _sqrt, deterministic=True)  # not every SQLite was built with it
    for model in models():
        connection.execute(model.definition)
    attach_read_only(connection, views, "views")
    connection.execute("begin")
    for model in models():
        connection.execute(f"insert into {model.table} {model.select}", parameters)
    if settings.publish_rows:
        write_rows(connection, random)
    connection.execute("commit")
    connection.close()


def _sqrt(number: float | None) -> float | None:
    return None if number is None else sqrt(number)
