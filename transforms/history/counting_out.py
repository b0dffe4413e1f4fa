"""Take who is erased out of the true counts that are kept of published weeks.

`revise` compares with these.  Otherwise each erasure would count towards the change from which on a figure is another
one, and whoever has a few reports of their own removed would learn who else of a group was erased.
"""

import sqlite3
from contextlib import closing
from dataclasses import replace

from files import attach_read_only
from transforms.database import views_database
from transforms.editions.cells import cells_of
from transforms.editions.making import TrueCounts
from transforms.editions.publisher import last_due
from transforms.editions.store import Editions
from transforms.history import history, true_counts
from transforms.run import Run
from transforms.sql import statement
from transforms.transforming import transform
from transforms.weeks.counting import count_week
from transforms.weeks.draws import Published, Recount


def count_out(run: Run) -> None:
    """Count who was erased since this was last done, and take them out of the kept true counts.

    What they sent is in the log until the purge of the night.  Raise DamagedFileError, OSError or sqlite3.Error: then
    nothing is taken out.
    """
    settings = run.settings
    erasures = true_counts.erasures_since(settings)
    if run.ready.blocked or erasures is None:
        return
    with closing(views_database.connect(None, settings, run.key, is_new=True)) as connection:
        views_database.begin(connection, "")
        history.restore(connection, settings)
        connection.execute(statement("database/erasing/erased_uploads"), erasures)
        connection.execute("drop view standing_uploads")
        connection.execute(statement("database/erasing/only_erased"))
        _keep_out(connection, run)
        counted = _Counted(connection, run)
        transform(connection, replace(run, is_progress_shown=False), counted)
    true_counts.subtract(settings, erasures["upto"], counted.true_counts)


def _keep_out(connection: sqlite3.Connection, run: Run) -> None:
    """Note who never counted because of a cap, which others of the network had reached: views.db knows."""
    if not run.settings.views.exists():
        return
    try:
        attach_read_only(connection, run.settings.views.resolve(), "known")
        connection.execute(statement("database/erasing/capped"))
    except sqlite3.DatabaseError:
        return  # damaged, or of another version: it is built again


class _Counted:
    """Counts in each published week those whom `connection` has, in the cells that the week shows or hides."""

    def __init__(self, connection: sqlite3.Connection, run: Run) -> None:
        self.last_due = last_due(run.settings, run.now)
        self.true_counts: dict[tuple[str, int], TrueCounts] = {}  # by week and revision
        self._connection, self._run = connection, run
        self._editions = Editions(run.settings.editions)

    def take(self, week_start: str, *, is_ahead: bool) -> None:  # noqa: ARG002 - no matter: all that counts is here
        latest = self._editions.latest(week_start)
        if latest is None:
            return
        published = Published(cells_of(self._editions.tables(week_start)), {}, 0)
        draws = Recount(self._run.key, latest.noise == 0, week_start, latest.revision, published)
        k, active_weeks = latest.min_group, latest.active_weeks
        count_week(self._connection, self._run.catalogue, draws, k=k, active_weeks=active_weeks, highest={})
        self.true_counts[week_start, latest.revision] = draws.true_counts
