"""Publish the editions that are due, and renew the public database where that changes it."""

import sqlite3
from pathlib import Path

from files import point_link, signature
from transforms.database.method import digest
from transforms.editions import store
from transforms.editions.publisher import Publisher
from transforms.editions.store import Editions
from transforms.history import true_counts
from transforms.publishing.publication import publication_digest, publish
from transforms.run import Run


def renew(connection: sqlite3.Connection, run: Run, publisher: Publisher, views: Path | None = None) -> bool:
    """Publish what is due, and let readers see `views`, if it is new; return whether public.db is another one.

    What is kept of an edition is written before it, and the edition before anybody can see its rows.  Raise
    NotPublishedError, when all else is done, if something may not be published.
    """
    settings = run.settings
    purge_id = connection.execute("select purge_id from checkpoint").fetchone()[0]
    true_counts.keep_true_counts(settings, run.key.digest, publisher.true_counts, purge_id)
    if publisher.editions.waiting:
        store.append(settings.editions, publisher.editions.waiting)
    if views:
        point_link(settings.views, views)
    is_changed = not run.ready.blocked and _renew_public(connection, run)
    if publisher.trouble:
        raise publisher.trouble
    return is_changed


def _renew_public(connection: sqlite3.Connection, run: Run) -> bool:
    """Make public.db of the editions, unless it is; return whether it is another one now."""
    settings, editions = run.settings, Editions(run.settings.editions)
    made_of = _made_of(connection, run, editions)
    published_as = connection.execute("select published_as from checkpoint").fetchone()[0]
    if published_as == f"{made_of} {signature(settings.public)}" and settings.public.exists():
        return False
    is_changed = publish(settings, run.catalogue, connection, editions, is_clock_in_doubt=bool(run.doubt))
    connection.execute("update checkpoint set published_as = ?", (f"{made_of} {signature(settings.public)}",))
    return is_changed


def _made_of(connection: sqlite3.Connection, run: Run, editions: Editions) -> str:
    """Return a digest of what public.db is made of."""
    parts = [publication_digest(run.settings), str(bool(run.doubt)), *editions.digests]
    if run.settings.publish_rows:
        parts += map(str, connection.execute("select counted_week, purge_id from checkpoint").fetchone())
    return digest(parts)
