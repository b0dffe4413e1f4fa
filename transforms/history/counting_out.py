"""Take who is erased out of the true counts that are kept of published weeks.

`revise` compares with these.  Otherwise each erasure would count towards the change from which on a figure is another
one, and whoever has a few reports of their own removed would learn who else of a group was erased.
"""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

from files import attach_read_only
from transforms.database import views_database
from transforms.editions.making import TrueCounts, recounted
from transforms.editions.store import Editions
from transforms.history import history, true_counts
from transforms.run import Run
from transforms.sql import statement
from transforms.transforming import transform
from weeks import weeks_later


def count_out(run: Run) -> None:
    """Count who was erased since this was last done, and take them out of the kept true counts.

    What they sent is in the log until the purge of the night.  Raise DamagedFileError, OSError or sqlite3.Error: then
    nothing is taken out.
    """
    erasures = true_counts.erasures_since(run.settings)
    if run.ready.blocked or erasures is None:
        return
    editions = Editions(run.settings.editions)
    counts = _counted(run, editions, erasures) if editions.weeks else {}
    true_counts.subtract(run.settings, erasures["upto"], counts)


def _counted(run: Run, editions: Editions, erasures: Mapping[str, int]) -> dict[tuple[str, int], TrueCounts]:
    """Return how many of them were in each cell, by week and revision."""
    settings = run.settings
    with closing(views_database.connect(None, settings, run.key, is_new=True)) as connection:
        views_database.begin(connection, "")
        history.restore(connection, settings)
        connection.execute(statement("database/erasing/erased_uploads"), erasures)
        connection.execute("drop view standing_uploads")
        connection.execute(statement("database/erasing/only_erased"))
        _keep_capped(connection, run)
        counted = _Counted(connection, run, editions)
        after = datetime.fromisoformat(weeks_later(editions.weeks[-1], 1)).replace(tzinfo=UTC)
        transform(connection, replace(run, now=after, is_progress_shown=False), counted)  # whatever the clock says
    return counted.true_counts


def _keep_capped(connection: sqlite3.Connection, run: Run) -> None:
    """Let nobody count who did not; only views.db knows who."""
    if not run.settings.views.exists():
        return
    try:
        attach_read_only(connection, run.settings.views.resolve(), "known")
        connection.execute("select capped_week from known.installations limit 1")
        connection.execute(statement("database/erasing/keep_capped"))
    except sqlite3.DatabaseError:
        return  # damaged, or of another version: it is built again


class _Counted:
    """Counts in each published week those whom `connection` has, in the cells that the week shows or hides."""

    def __init__(self, connection: sqlite3.Connection, run: Run, editions: Editions) -> None:
        self.last_due = editions.weeks[-1]
        self.true_counts: dict[tuple[str, int], TrueCounts] = {}  # by week and revision
        self._connection, self._run, self._editions = connection, run, editions

    def take(self, week_start: str, *, is_ahead: bool) -> None:  # noqa: ARG002 - no matter: all that counts is here
        latest = self._editions.latest(week_start)
        if latest is None:
            return
        tables = self._editions.tables(week_start)
        counts = recounted(self._connection, self._run.catalogue, self._run.key, latest, tables)
        self.true_counts[week_start, latest.revision] = counts
