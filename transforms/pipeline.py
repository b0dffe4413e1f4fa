"""The transforms in their order: new uploads, closed weeks, publication."""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import SystemRandom

from files import attach_read_only, open_read_only, point_link, remove_database
from progress import progress_bar
from settings import Settings
from transforms.batches import Loader
from transforms.database import erased, purges, views_database
from transforms.database.configurations import Configurations
from transforms.database.method import method_digest
from transforms.history import history
from transforms.publishing.exports import write_exports
from transforms.publishing.publication import publication_digest, publish
from transforms.room import full_disk_in_words, require_room_to_rebuild
from transforms.weeks.week_counter import WeekCounter
from vocabulary.catalogue import Catalogue
from weeks import week_of, weeks_later


class NoLogError(RuntimeError):
    """There is no log to read."""


@dataclass(frozen=True)
class Refreshed:
    """What a run did."""

    uploads: int  # transformed
    weeks: int  # counted
    is_rebuilt: bool  # views.db was built from scratch
    is_published: bool  # public.db has changed
    countable_from: str = ""  # rebuilt: the weeks before this one could not be counted again, their uploads are purged
    kept_weeks: int = 0  # rebuilt: how many of them have their figures from history.db


def refresh(settings: Settings, now: datetime, rebuild: bool = False, *, is_progress_shown: bool = False) -> Refreshed:
    """Bring views.db and public.db up to date with the log, from its first upload with `rebuild`.

    `now` (UTC) decides which weeks are closed.  Waits for a run under way.  Raise NoLogError, NotPublishedError,
    NoRoomError, OSError or sqlite3.Error; both databases are then as they were, or further along the log.
    """
    _require_log(settings)
    settings.snapshots.mkdir(exist_ok=True)
    with _only_run(settings):
        catalogue = Catalogue.read()
        if rebuild or not _is_current(settings, catalogue):
            rebuilt = _rebuild(settings, catalogue, now, is_progress_shown)
            _remove_traces(settings, rebuilt)
            return rebuilt
        has_erased = erased.take_out(settings, catalogue)
        path = settings.views.resolve()
        with closing(views_database.connect(path, settings, catalogue)) as connection:
            loader = _transform(connection, settings, catalogue, now, is_progress_shown)
            if before := history.due_week(connection, settings, now):
                history.write(connection, settings, before)
            done = Refreshed(loader.uploads, loader.weeks, False, _publish(connection, settings, catalogue, path))
        if has_erased:
            _remove_traces(settings, done)
        return done


def _require_log(settings: Settings) -> None:
    if not settings.log.exists():
        raise NoLogError(f"{settings.log} does not exist yet. `make run` starts the receiver, which writes it.")
    with closing(open_read_only(settings.log)) as log:
        if log.execute("select 1 from sqlite_schema where name = 'purges'").fetchone() is None:
            raise NoLogError(
                f"{settings.log} is empty, or was written by an older version. Start the receiver once (`make run`): "
                "it creates the missing tables."
            )


def _rebuild(settings: Settings, catalogue: Catalogue, now: datetime, is_progress_shown: bool) -> Refreshed:
    require_room_to_rebuild(settings)
    path = views_database.new_path(settings)
    with closing(views_database.connect(path, settings, catalogue, is_new=True)) as connection:
        method = method_digest(settings, catalogue)
        start = (method, purges.last_purge(connection))
        connection.execute("insert into checkpoint values (1, 0, null, null, ?, '', ?, 0)", start)
        kept_weeks = history.restore(connection, settings)
        countable_from = history.countable_from(connection, settings)
        loader = _transform(connection, settings, catalogue, now, is_progress_shown)
        if before := history.due_week(connection, settings, now) or history.kept_before(settings.history):
            history.write(connection, settings, before)
        point_link(settings.views, path)
        is_published = _publish(connection, settings, catalogue, path)
        return Refreshed(loader.uploads, loader.weeks, True, is_published, countable_from, kept_weeks)


def _remove_traces(settings: Settings, done: Refreshed) -> None:
    """Remove the snapshots of before, and write the exports anew: they may show who was erased since."""
    _remove_unused(settings)
    if done.is_published and (settings.data / "exports").exists():
        list(write_exports(settings))


def _transform(
    connection: sqlite3.Connection, settings: Settings, catalogue: Catalogue, now: datetime, is_progress_shown: bool
) -> Loader:
    """Load and count; return the loader, which knows how much."""
    configurations = Configurations(connection, catalogue)
    this_week = week_of(now.date().isoformat())
    countable_from = history.countable_from(connection, settings)
    last = weeks_later(this_week, -1)
    counter = WeekCounter(connection, configurations, settings, last=last, countable_from=countable_from)
    purge_id = purges.last_heeded(connection)  # one that is recorded while batches are read is for the next run
    loader = Loader(connection, configurations, counter.count, settings.active_weeks)
    with progress_bar(purges.last_seq(connection), "uploads", "Counting", is_shown=is_progress_shown) as bar:
        loader.load(this_week, lambda seq: bar.update(seq - bar.n))
    connection.execute("pragma main.journal_mode = wal")  # a build has none so far
    loader.look_ahead(this_week)
    connection.execute("update checkpoint set purge_id = ?", (purge_id,))
    return loader


def _publish(connection: sqlite3.Connection, settings: Settings, catalogue: Catalogue, views: Path) -> bool:
    """Publish where figures have changed since the last time; return whether the public database is another one."""
    wanted = publication_digest(settings, catalogue)
    published_as = connection.execute("select published_as from checkpoint").fetchone()[0]
    if published_as == wanted and settings.public.exists():
        return False
    is_changed = publish(settings, views, SystemRandom())
    connection.execute("update checkpoint set published_as = ?", (wanted,))
    return is_changed


def _is_current(settings: Settings, catalogue: Catalogue) -> bool:
    """Whether views.db is there, was made by today's method, is of this log, and holds nothing purged for its age."""
    if not settings.views.exists():
        return False
    with closing(open_read_only(settings.views)) as connection:
        try:
            seq, method, purge_id = connection.execute("select seq, method, purge_id from checkpoint").fetchone()
        except sqlite3.OperationalError:  # of an older version of this project
            return False
        attach_read_only(connection, settings.log, "log")
        if "retention" in purges.reasons_since(connection, purge_id, seq):
            return False
        return bool(method == method_digest(settings, catalogue) and seq <= purges.last_seq(connection))


@contextmanager
def _only_run(settings: Settings) -> Iterator[None]:
    """Wait until no other process refreshes, then be the one that does; remove what a run that was cut off left."""
    with Path(settings.data / "refresh.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        _remove_unused(settings)
        try:
            with full_disk_in_words(settings.data):
                yield
        except BaseException:
            _remove_unused(settings)
            raise


def _remove_unused(settings: Settings) -> None:
    in_use = {settings.views.resolve().name, settings.public.resolve().name}
    for path in (*settings.snapshots.glob("*.db"), *settings.data.glob(".*-draft.db")):
        if path.name not in in_use:
            remove_database(path)
