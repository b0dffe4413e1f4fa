"""The transforms in their order: new uploads, closed weeks, publication."""

import fcntl
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from settings import Settings
from transforms import batches, closed_weeks, views_database
from transforms.catalogue import Catalogue
from transforms.interning import Interning
from transforms.publication import publish
from transforms.swapping import remove, swap
from transforms.views_database import Fingerprints


class NoLogError(RuntimeError):
    """There is no log to read."""


@dataclass(frozen=True)
class Refreshed:
    """What a run did."""

    uploads: int  # transformed
    weeks: int  # counted
    is_rebuilt: bool  # views.db was made anew
    is_published: bool  # public.db has changed


def refresh(settings: Settings, now: datetime, rebuild: bool = False) -> Refreshed:
    """Bring views.db and public.db up to date with the log, from its first upload with `rebuild`.

    `now` (UTC) decides which weeks are closed.  Waits for a run under way.  Raise NoLogError, NotPublishedError or
    sqlite3.Error; both databases are then as they were, or further along the log.
    """
    if not settings.log.exists():
        raise NoLogError(f"There is no log at {settings.log} yet. `make run` starts the receiver that writes it.")
    settings.snapshots.mkdir(exist_ok=True)
    with _only_run(settings):
        prints = Fingerprints.of(settings)
        if rebuild or not _is_current(settings, prints):
            return _rebuild(settings, prints, now)
        path = settings.views.resolve()
        with closing(views_database.connect(path, settings.log)) as connection:
            if connection.execute("select counting from checkpoint").fetchone()[0] != prints.counting:
                _start_counting_anew(connection, settings, prints)
            uploads, weeks = _transform(connection, settings, now)
            return Refreshed(uploads, weeks, False, _publish(connection, settings, prints, path))


def _rebuild(settings: Settings, prints: Fingerprints, now: datetime) -> Refreshed:
    path = settings.snapshots / f"views-{uuid.uuid4().hex[:16]}.db"
    with closing(views_database.connect(path, settings.log, is_new=True)) as connection:
        connection.execute("insert into checkpoint values (1, 0, ?, ?, '')", (prints.method, prints.counting))
        uploads, weeks = _transform(connection, settings, now)
        connection.execute("pragma main.journal_mode = wal")
        swap(settings.views, path)
        return Refreshed(uploads, weeks, True, _publish(connection, settings, prints, path))


def _transform(connection: sqlite3.Connection, settings: Settings, now: datetime) -> tuple[int, int]:
    """Return how many uploads were transformed and how many weeks counted."""
    interning = Interning(connection, Catalogue.read())
    uploads = batches.load_new_uploads(connection, interning, settings.established_weeks)
    return uploads, closed_weeks.count_closed_weeks(connection, settings, now)


def _start_counting_anew(connection: sqlite3.Connection, settings: Settings, prints: Fingerprints) -> None:
    connection.execute("begin immediate")
    closed_weeks.forget_counts(connection, settings.established_weeks)
    connection.execute("update checkpoint set counting = ?", (prints.counting,))
    connection.execute("commit")


def _publish(connection: sqlite3.Connection, settings: Settings, prints: Fingerprints, views: Path) -> bool:
    """Publish where figures have changed since the last time; return whether the public database is another one."""
    published = connection.execute("select publication from checkpoint").fetchone()[0]
    if published == prints.publication and settings.public.exists():
        return False
    is_changed = publish(settings, views)
    connection.execute("update checkpoint set publication = ?", (prints.publication,))
    return is_changed


def _is_current(settings: Settings, fingerprints: Fingerprints) -> bool:
    """Whether views.db is there, was made by today's method, and is of this log."""
    if not settings.views.exists():
        return False
    with closing(sqlite3.connect(f"{settings.views.as_uri()}?mode=ro", uri=True)) as connection:
        seq, method = connection.execute("select seq, method from checkpoint").fetchone()
    with closing(sqlite3.connect(f"{settings.log.as_uri()}?mode=ro", uri=True)) as log:
        last_seq = log.execute("select coalesce(max(seq), 0) from uploads").fetchone()[0]
    return bool(method == fingerprints.method and seq <= last_seq)


@contextmanager
def _only_run(settings: Settings) -> Iterator[None]:
    """Wait until no other process refreshes, then be the one that does; remove what a run that was cut off left."""
    with Path(settings.data / "refresh.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        in_use = {settings.views.resolve().name, settings.public.resolve().name}
        for path in settings.snapshots.glob("*.db"):
            if path.name not in in_use:
                remove(path)
        yield
