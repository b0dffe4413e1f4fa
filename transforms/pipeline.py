"""The transforms in their order: new uploads, closed weeks, editions, the public database."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from settings import Settings
from transforms import intact_files, noise_key
from transforms.database import erased, views_database
from transforms.database.method import method_digest
from transforms.editions import taking_back
from transforms.editions.making import Maker
from transforms.editions.publisher import Publisher, Revision, last_due, require_revision
from transforms.editions.store import Editions
from transforms.history import history, true_counts, upgrade
from transforms.history.counting_out import count_out
from transforms.history.forgetting import forget_erased
from transforms.history.intact import forget_put_aside, give_up, require_history
from transforms.publishing.checking import Checker, NotPublishedError
from transforms.publishing.renewing import renew
from transforms.room import require_room_to_rebuild
from transforms.run import Run
from transforms.runs import only_run, remove_unused, require_log
from transforms.transforming import transform
from vocabulary.names import read_catalogue

_DAMAGE = {"SQLITE_CORRUPT", "SQLITE_NOTADB", None}  # of views.db; text that is not UTF-8 has no name


@dataclass(frozen=True)
class Refreshed:
    """What a run did."""

    uploads: int  # transformed
    weeks: int  # counted for good
    is_rebuilt: bool  # views.db was built from scratch
    is_published: bool  # public.db has changed
    editions: tuple[str, ...] = ()  # the weeks that were published, or published again
    countable_from: str = ""  # rebuilt: the weeks before this one could not be counted again, their uploads are purged
    not_revised: tuple[str, ...] = ()  # weeks to be revised that stay, because what they had counted is not kept
    told: str = ""  # what happened to what was published before


def refresh(  # noqa: PLR0913 - all but three are named by who calls it
    settings: Settings,
    now: datetime,
    rebuild: bool = False,
    *,
    doubt: str = "",
    without_history: bool = False,
    revision: Revision | None = None,
    is_progress_shown: bool = False,
) -> Refreshed:
    """Bring views.db and public.db up to date with the log, from its first upload with `rebuild`.

    `now` (UTC) decides which weeks are closed and published; `doubt` says why that is not the time of the clock, if it
    is not.  `without_history` gives up what only history.db has; `revision` counts published weeks again.  Waits for a
    run under way.  Raise one of REFUSALS; the databases are then as they were, or further along the log.
    """
    require_log(settings)
    catalogue = read_catalogue(settings.names)
    settings.snapshots.mkdir(exist_ok=True)
    with only_run(settings):
        key = noise_key.read_or_make(settings.noise_key)
        is_rebuild = rebuild or revision is not None
        ready = taking_back.make_ready(settings, now, is_thorough=is_rebuild)
        upgrade.adopt(settings, key)
        if revision and not ready.blocked:
            require_revision(settings, revision)
        run = Run(settings, catalogue, key, now, doubt, is_progress_shown, ready, revision)
        if without_history:
            give_up(settings, now)
        else:
            require_history(settings)
        count_out(run)
        return replace(_refreshed(run, is_rebuild=is_rebuild), told=ready.told)


def _refreshed(run: Run, *, is_rebuild: bool) -> Refreshed:
    if is_rebuild or not views_database.is_current(run.settings, run.catalogue, run.key, run.now):
        return _rebuild(run)
    try:
        return _catch_up(run)
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorname", None) not in _DAMAGE:
            raise
        return _rebuild(run)


def _catch_up(run: Run) -> Refreshed:
    settings = run.settings
    has_erased = erased.take_out(settings, run.key)
    with closing(views_database.connect(settings.views.resolve(), settings, run.key)) as connection:
        publisher = _publisher(connection, run)
        if publisher.has_missed(connection):
            return _rebuild(run)  # a run was cut off, or nothing could be published: these weeks are past
        loader = transform(connection, run, publisher)
        if not publisher.trouble and history.due_week(connection, settings, run.now):
            return _rebuild(run)  # what is kept for ever comes from the log itself
        is_published = renew(connection, run, publisher)
        intact_files.note(connection, settings)
    if has_erased:
        remove_unused(settings)
    return Refreshed(loader.uploads, loader.weeks, False, is_published, publisher.taken)


def _rebuild(run: Run) -> Refreshed:
    """Build everything anew.  history.db is written last, when all that is due has been published."""
    settings = run.settings
    require_room_to_rebuild(settings)
    path = views_database.new_path(settings)
    with closing(views_database.connect(path, settings, run.key, is_new=True)) as connection:
        views_database.begin(connection, method_digest(settings, run.catalogue, run.key))
        history.restore(connection, settings)
        publisher = _publisher(connection, run, is_rebuild=True)
        loader = transform(connection, run, publisher)
        forget_erased(settings, path)  # before anything may end this run
        is_published = renew(connection, run, publisher, path)
        if due := history.due_week(connection, settings, run.now) or history.reach(connection, settings):
            history.write(connection, settings, due)
        forget_put_aside(connection, settings)
        intact_files.note(connection, settings)
    remove_unused(settings)
    return Refreshed(
        loader.uploads,
        loader.weeks,
        True,
        is_published,
        publisher.taken,
        publisher.countable_from,
        tuple(publisher.not_revised),
    )


def _publisher(connection: sqlite3.Connection, run: Run, *, is_rebuild: bool = False) -> Publisher:
    settings = run.settings
    editions = Editions(None if run.ready.blocked else settings.editions)
    today = f"{run.now:%Y-%m-%d}"
    return Publisher(
        maker=Maker(connection, run.catalogue, settings, run.key, editions, Checker(connection, run.catalogue), today),
        last_due=last_due(settings, run.now),
        countable_from=history.countable_from(connection, settings),
        kept_counts=partial(true_counts.kept_counts, settings, run.key.digest),
        revision=run.revision,
        trouble=NotPublishedError(run.ready.blocked) if run.ready.blocked else None,
        reason=run.ready.reason,
        is_rebuild=is_rebuild,
    )
