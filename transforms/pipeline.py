"""The transforms in their order: new uploads, closed weeks, publication."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import SystemRandom

from files import point_link, signature
from progress import progress_bar
from settings import Settings
from transforms.batches import Loader
from transforms.database import erased, purges, views_database
from transforms.database.configurations import Configurations
from transforms.database.method import method_digest
from transforms.history import history
from transforms.history.forgetting import forget_erased
from transforms.history.intact import give_up, note_intact, require_history
from transforms.publishing.exports import write_exports
from transforms.publishing.publication import publication_digest, publish
from transforms.room import require_room_to_rebuild
from transforms.runs import only_run, remove_unused, require_log
from transforms.weeks.week_counter import WeekCounter
from vocabulary.catalogue import Catalogue
from weeks import week_of, weeks_later

_DAMAGE = {"SQLITE_CORRUPT", "SQLITE_NOTADB", None}  # of views.db; text that is not UTF-8 has no name


@dataclass(frozen=True)
class Refreshed:
    """What a run did."""

    uploads: int  # transformed
    weeks: int  # counted
    is_rebuilt: bool  # views.db was built from scratch
    is_published: bool  # public.db has changed
    countable_from: str = ""  # rebuilt: the weeks before this one could not be counted again, their uploads are purged
    kept_weeks: int = 0  # rebuilt: how many of them have their figures from history.db


def refresh(  # noqa: PLR0913 - all but three are named by who calls it
    settings: Settings,
    now: datetime,
    rebuild: bool = False,
    *,
    doubt: str = "",
    without_history: bool = False,
    is_progress_shown: bool = False,
) -> Refreshed:
    """Bring views.db and public.db up to date with the log, from its first upload with `rebuild`.

    `now` (UTC) decides which weeks are closed; `doubt` says why that is not the time of the clock, if it is not.
    `without_history` gives up what only history.db has.  Waits for a run under way.  Raise NoLogError,
    ClockBehindError, DamagedFileError, NotPublishedError, NoRoomError, OSError or sqlite3.Error; the databases are
    then as they were, or further along the log.
    """
    require_log(settings)
    settings.snapshots.mkdir(exist_ok=True)
    run = _Run(settings, Catalogue.read(), now, doubt, is_progress_shown)
    with only_run(settings):
        if without_history:
            give_up(settings, now)
        else:
            require_history(settings)
        is_current = views_database.is_current(settings, run.catalogue, now)
        if rebuild or not is_current:
            return _rebuild(run)
        try:
            return _catch_up(run)
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorname", None) not in _DAMAGE:
                raise
            return _rebuild(run)


@dataclass(frozen=True)
class _Run:
    """What a run goes by."""

    settings: Settings
    catalogue: Catalogue
    now: datetime
    doubt: str
    is_progress_shown: bool


def _catch_up(run: _Run) -> Refreshed:
    settings = run.settings
    has_erased = erased.take_out(settings, run.catalogue)
    path = settings.views.resolve()
    with closing(views_database.connect(path, settings, run.catalogue)) as connection:
        loader = _transform(connection, run)
        if history.due_week(connection, settings, run.now):
            return _rebuild(run)  # what is kept for ever comes from the log itself
        is_published = _publish(connection, run, path)
        note_intact(connection, settings)
    done = Refreshed(loader.uploads, loader.weeks, False, is_published)
    if has_erased:
        _remove_traces(settings, done)
    return done


def _rebuild(run: _Run) -> Refreshed:
    """Build everything anew.  history.db is written last, when what it would keep has been published."""
    settings, catalogue = run.settings, run.catalogue
    require_room_to_rebuild(settings)
    path = views_database.new_path(settings)
    with closing(views_database.connect(path, settings, catalogue, is_new=True)) as connection:
        views_database.begin(connection, method_digest(settings, catalogue))
        kept_weeks = history.restore(connection, settings)
        countable_from = history.countable_from(connection, settings)
        loader = _transform(connection, run)
        forget_erased(settings, path)  # before anything may end this run
        point_link(settings.views, path)
        is_published = _publish(connection, run, path)
        if before := history.due_week(connection, settings, run.now) or history.reach(connection, settings):
            history.write(connection, settings, before)
        note_intact(connection, settings)
    done = Refreshed(loader.uploads, loader.weeks, True, is_published, countable_from, kept_weeks)
    _remove_traces(settings, done)
    return done


def _remove_traces(settings: Settings, done: Refreshed) -> None:
    """Remove the snapshots of before, and write the exports anew: they may show who was erased since."""
    remove_unused(settings)
    if done.is_published and (settings.data / "exports").exists():
        list(write_exports(settings))


def _transform(connection: sqlite3.Connection, run: _Run) -> Loader:
    """Load and count; return the loader, which knows how much."""
    settings = run.settings
    configurations = Configurations(connection, run.catalogue)
    this_week = week_of(run.now.date().isoformat())
    countable_from = history.countable_from(connection, settings)
    last = weeks_later(this_week, -1)
    counter = WeekCounter(connection, configurations, settings, last=last, countable_from=countable_from)
    purge_id = purges.last_heeded(connection)  # one that is recorded while batches are read is for the next run
    loader = Loader(connection, configurations, counter.count, settings.active_weeks)
    with progress_bar(purges.last_seq(connection), "uploads", "Counting", is_shown=run.is_progress_shown) as bar:
        loader.load(this_week, lambda seq: bar.update(seq - bar.n))
    connection.execute("pragma main.journal_mode = wal")  # a build has none so far
    loader.look_ahead(this_week)
    connection.execute("update checkpoint set purge_id = ?", (purge_id,))
    return loader


def _publish(connection: sqlite3.Connection, run: _Run, views: Path) -> bool:
    """Publish where figures have changed since the last time; return whether the public database is another one."""
    how = f"{publication_digest(run.settings, run.catalogue)} {bool(run.doubt)}"
    published_as = connection.execute("select published_as from checkpoint").fetchone()[0]
    if published_as == f"{how} {signature(run.settings.public)}" and run.settings.public.exists():
        return False
    is_changed = publish(run.settings, views, SystemRandom(), is_clock_in_doubt=bool(run.doubt))
    published_as = f"{how} {signature(run.settings.public)}"
    connection.execute("update checkpoint set published_as = ?", (published_as,))
    return is_changed
