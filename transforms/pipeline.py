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
from transforms import batches, closed_weeks, history, purges, views_database
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
    kept_before: str = ""  # rebuilt: weeks before this one stand as recorded, since their uploads are purged
    kept_weeks: int = 0  # how many of those are there


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
            rebuilt = _rebuild(settings, prints, now)
            _remove_unused(settings)
            return rebuilt
        path = settings.views.resolve()
        with closing(views_database.connect(path, settings.log)) as connection:
            if connection.execute("select counting from checkpoint").fetchone()[0] != prints.counting:
                _start_counting_anew(connection, settings, prints)
            uploads, weeks, _ = _transform(connection, settings, now)
            if before := history.due_week(connection, settings, now):
                history.write(connection, settings, before)
            return Refreshed(uploads, weeks, False, _publish(connection, settings, prints, path))


def _rebuild(settings: Settings, prints: Fingerprints, now: datetime) -> Refreshed:
    path = settings.snapshots / f"views-{uuid.uuid4().hex[:16]}.db"
    with closing(views_database.connect(path, settings.log, is_new=True)) as connection:
        connection.execute("insert into checkpoint values (1, 0, ?, ?, '', 0)", (prints.method, prints.counting))
        countable_from = purges.first_countable_week(connection, settings.active_weeks)
        uploads, weeks, kept_weeks = _transform(connection, settings, now, countable_from)
        if before := history.due_week(connection, settings, now) or history.kept_before(settings.history):
            history.write(connection, settings, before)
        connection.execute("pragma main.journal_mode = wal")
        swap(settings.views, path)
        is_published = _publish(connection, settings, prints, path)
        return Refreshed(uploads, weeks, True, is_published, countable_from, kept_weeks)


def _transform(
    connection: sqlite3.Connection, settings: Settings, now: datetime, countable_from: str = ""
) -> tuple[int, int, int]:
    """Return how many uploads were transformed, how many weeks counted, and how many taken from history.db.

    `countable_from` is given to a rebuild, where retention has purged uploads from before that week.
    """
    interning = Interning(connection, Catalogue.read())
    uploads = batches.load_new_uploads(connection, interning, settings.established_weeks)
    kept_weeks = history.restore(connection, settings, countable_from) if countable_from else 0
    return uploads, closed_weeks.count_closed_weeks(connection, settings, now), kept_weeks


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
    """Whether views.db is there, was made by today's method, is of this log, and holds nothing that a purge took away.

    Where uploads are purged, another way of counting needs a rebuild too: only that starts from history.db.
    """
    if not settings.views.exists():
        return False
    with closing(sqlite3.connect(f"{settings.views.as_uri()}?mode=ro", uri=True)) as connection:
        if connection.execute("select method from checkpoint").fetchone()[0] != fingerprints.method:
            return False
        seq, counting, purge_id = connection.execute("select seq, counting, purge_id from checkpoint").fetchone()
        connection.execute("attach ? as log", (f"{settings.log.as_uri()}?mode=ro",))
        if counting != fingerprints.counting and purges.first_countable_week(connection, settings.active_weeks):
            return False
        return seq <= purges.last_seq(connection) and not purges.takes_away(connection, purge_id, seq)


@contextmanager
def _only_run(settings: Settings) -> Iterator[None]:
    """Wait until no other process refreshes, then be the one that does; remove what a run that was cut off left."""
    with Path(settings.data / "refresh.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        _remove_unused(settings)
        yield


def _remove_unused(settings: Settings) -> None:
    in_use = {settings.views.resolve().name, settings.public.resolve().name}
    for path in settings.snapshots.glob("*.db"):
        if path.name not in in_use:
            remove(path)
