"""Build a new public database from the editions, check it, and only then point the link to it."""

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path
from random import SystemRandom

from files import attach_read_only, point_link, readable_by_anyone
from settings import Settings
from transforms.database.method import digest
from transforms.editions.store import Editions
from transforms.publishing.checking import Checker
from transforms.publishing.models import derived_models, weekly_models
from transforms.publishing.rows import write_rows
from transforms.room import require_room, size_of
from transforms.sql import statement
from vocabulary.catalogue import Catalogue


def publication_digest(settings: Settings) -> str:
    """Return a digest of how public.db is made of the editions."""
    definitions = [model.definition for model in weekly_models()]
    derived = [text for model in derived_models() for text in (model.definition, model.select)]
    return digest([*definitions, *derived, statement("publishing/rows"), str(settings.publish_rows)])


def publish(
    settings: Settings,
    catalogue: Catalogue,
    views: sqlite3.Connection,
    editions: Editions,
    *,
    is_clock_in_doubt: bool = False,
) -> bool:
    """Make `public.db` show the editions; return whether that changed anything.

    `views` has views.db open.  Raise NotPublishedError or NoRoomError.
    """
    folder = settings.public_snapshots
    with readable_by_anyone():
        folder.mkdir(parents=True, exist_ok=True)
    require_room(folder, size_of(settings.public), "Publication")
    draft = folder / ".public-draft.db"
    draft.unlink(missing_ok=True)
    build(draft, settings, editions, is_clock_in_doubt=is_clock_in_doubt)
    with closing(sqlite3.connect(draft.as_uri(), uri=True, isolation_level=None)) as connection:
        if settings.publish_rows:
            attach_read_only(connection, settings.views.resolve(), "views")
            write_rows(connection, SystemRandom(), catalogue)
        Checker(views, catalogue).check_database(connection, editions.headers)
    content = draft.read_bytes()
    snapshot = folder / f"public-{hashlib.sha256(content).hexdigest()[:16]}.db"
    if settings.public.resolve() == snapshot and snapshot.exists() and snapshot.read_bytes() == content:
        draft.unlink()
        return False
    draft.chmod(0o644)  # anyone may read it
    draft.replace(snapshot)  # one of that name may be there, damaged
    point_link(settings.public, snapshot)
    return True


def build(draft: Path, settings: Settings, editions: Editions, *, is_clock_in_doubt: bool = False) -> None:
    """Write the public tables into the new file `draft`: the rows of every week, and what follows from them."""
    connection = sqlite3.connect(draft.as_uri(), uri=True, isolation_level=None)
    connection.execute("pragma journal_mode = off")  # a draft that is cut off is thrown away
    connection.execute("pragma synchronous = off")
    for model in (*weekly_models(), *derived_models()):
        connection.execute(model.definition)
    weekly = {model.table: set(model.columns) for model in weekly_models()}
    connection.execute("begin")
    for week_start in editions.weeks:
        for name, table in editions.tables(week_start).items():
            if name in weekly:
                columns = [column for column in table.columns if column in weekly[name]]
                values = ", ".join(f":{column}" for column in columns)
                insert = f"insert into {name} ({', '.join(columns)}) values ({values})"  # noqa: S608 - names of ours
                connection.executemany(insert, table.dicts())
    connection.execute("commit")
    attach_read_only(connection, settings.editions, "published")
    for model in derived_models():
        connection.execute(f"insert into {model.table} {model.select}", _parameters(settings, is_clock_in_doubt))
    connection.close()


def _parameters(settings: Settings, is_clock_in_doubt: bool) -> dict[str, int]:
    """Return what `publication` says as long as there is no edition."""
    return {
        "min_group": settings.min_group,
        "noise": settings.noise,
        "established_weeks": settings.established_weeks,
        "active_weeks": settings.active_weeks,
        "is_clock_in_doubt": int(is_clock_in_doubt),
    }
