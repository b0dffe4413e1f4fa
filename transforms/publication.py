"""Build the public database anew, check it, and only then let the link point to it."""

import hashlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from settings import Settings
from transforms.sql import statement
from transforms.swapping import swap

# Columns that count installations: each cell is empty, or k at least.
_COUNTS = ("active", "established", "first_seen", "installations")


class NotPublishedError(RuntimeError):
    """The new public database must not be seen; the message says what is wrong with it.  The old one stays."""


def publish(settings: Settings, views: Path) -> bool:
    """Make `public.db` show what `views` has now; return whether that changed anything.  Raise NotPublishedError."""
    settings.snapshots.mkdir(exist_ok=True)
    draft = settings.snapshots / ".public-draft.db"
    draft.unlink(missing_ok=True)
    build(draft, views, settings)
    check(draft, settings.min_group)
    snapshot = settings.snapshots / f"public-{hashlib.sha256(draft.read_bytes()).hexdigest()[:16]}.db"
    if settings.public.resolve() == snapshot:
        draft.unlink()
        return False
    draft.rename(snapshot)
    swap(settings.public, snapshot)
    return True


def build(draft: Path, views: Path, settings: Settings) -> None:
    """Write the public tables into the new file `draft`, each by its model, from the figures in `views`."""
    parameters = {
        "min_group": settings.min_group,
        "established_weeks": settings.established_weeks,
        "active_weeks": settings.active_weeks,
    }
    connection = sqlite3.connect(draft.as_uri(), uri=True, isolation_level=None)
    connection.execute("pragma journal_mode = off")  # a draft that is cut off is thrown away
    connection.execute("pragma synchronous = off")
    connection.executescript(statement("public/tables"))
    connection.execute("attach ? as views", (f"{views.as_uri()}?mode=ro",))
    connection.execute("begin")
    for table in tables(connection):
        connection.execute(f"insert into {table} {statement(f'public/{table}')}", parameters)
    connection.execute("commit")
    connection.close()


def tables(connection: sqlite3.Connection) -> list[str]:
    """Return the names of the tables in the main database of `connection`, in the order of their definition."""
    return [name for (name,) in connection.execute("select name from main.sqlite_master where type = 'table'")]


def check(draft: Path, min_group: int) -> None:
    """Raise NotPublishedError if `draft` would tell what it must not."""
    connection = sqlite3.connect(f"{draft.as_uri()}?mode=ro", uri=True)
    faults = list(_faults(connection, min_group))
    connection.close()
    if faults:
        raise NotPublishedError(f"Not published, the old figures stay: {'; '.join(faults)}. Please report this.")


def _faults(connection: sqlite3.Connection, min_group: int) -> Iterator[str]:
    for table in tables(connection):
        columns = [row[1] for row in connection.execute("select * from pragma_table_info(?)", (table,))]
        for column in set(columns).intersection(_COUNTS):
            small = connection.execute(f"select count(*) from {table} where {column} < ?", (min_group,))  # noqa: S608
            if rows := small.fetchone()[0]:
                yield f"{rows} rows of {table} have {column} below {min_group}"
    if connection.execute("pragma freelist_count").fetchone()[0]:
        yield "the file has free pages, which may hold what was deleted"
    if (verdict := connection.execute("pragma integrity_check").fetchone()[0]) != "ok":
        yield f"the file is damaged ({verdict})"
