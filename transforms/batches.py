"""Take what the log has gained into views.db, a bounded batch at a time, and count each week as it ends.

Time never falls along the log, so that the installations as they stand when the first upload of a later week comes
are the latest-per-uuid view at the end of the week.
"""

import sqlite3
from collections.abc import Callable
from typing import Protocol

from transforms.database.configurations import Configurations
from transforms.sql import statement
from transforms.weeks.week_counter import WeekCounter
from weeks import week_of, weeks_later

# The log is read in transactions this short, so that its WAL can be checkpointed in between.
BATCH_UPLOADS = 50_000
_NEXT_UPLOAD = "select seq, received_at from standing_uploads where seq > ? order by seq limit 1"


class Publisher(Protocol):
    """What is done with each week once it is counted."""

    @property
    def last_due(self) -> str:
        """The last week that may be published by now."""

    def take(self, week_start: str, *, is_ahead: bool) -> None:
        """Let the last counted week of views.db be published if it is due, and has not been yet.

        `is_ahead`: only for the look; more uploads of the week may come.
        """


class Loader:
    """Loads uploads up to the week `this_week`; every week before it is counted, and given to `publisher`, in order."""

    def __init__(  # noqa: PLR0913 - all but two are named by who calls it
        self,
        connection: sqlite3.Connection,
        configurations: Configurations,
        counter: WeekCounter,
        publisher: Publisher,
        *,
        active_weeks: int,
        batch_uploads: int = BATCH_UPLOADS,
    ) -> None:
        self._connection = connection
        self._configurations = configurations
        self._counter = counter
        self._publisher = publisher
        self._active_weeks = active_weeks
        self._batch_uploads = batch_uploads
        self._has_rules = connection.execute("select count(*) from rules").fetchone()[0] > 0
        self.uploads = 0
        self.weeks = 0

    def load(self, this_week: str, show_progress: Callable[[int], object]) -> None:
        """Load every upload after the checkpoint but those the clock has not reached; each batch is a transaction.

        `show_progress` is told the seq that is reached.
        """
        last = self._connection.execute("select coalesce(max(seq), 0) from log.uploads").fetchone()[0]
        after, week, counted = self._connection.execute(
            "select seq, open_week, counted_week from checkpoint"
        ).fetchone()
        while after < last:
            upload = self._connection.execute(_NEXT_UPLOAD, (after,)).fetchone()
            if upload is None or (next_week := week_of(upload[1])) > this_week:
                break
            while week and week < next_week:
                counted = self._close_week(week, counted)
                week = weeks_later(week, 1)
            week = next_week
            after = self._load_batch(upload[0] - 1, week)
            show_progress(after)
        if counted:
            self._publisher.take(counted, is_ahead=False)

    def look_ahead(self, this_week: str) -> None:
        """Count the weeks from the one of the last upload on that are due, as far as anybody is active in them.

        More uploads of these may come yet, from an import: what is counted is published, and views.db left as it was.
        """
        week, *looked = self._connection.execute(
            "select open_week, looked_until, counted_until from checkpoint"
        ).fetchone()
        due = self._publisher.last_due
        if not self.uploads and looked == [due, this_week]:
            return
        if week:
            self._connection.execute("begin immediate")
            for ahead in range(self._active_weeks):
                if (later := weeks_later(week, ahead)) > due:
                    break
                self._counter.count(later)
                self._publisher.take(later, is_ahead=True)
            self._connection.execute("rollback")
        self._connection.execute("update checkpoint set looked_until = ?, counted_until = ?", (due, this_week))

    def _close_week(self, week: str, counted: str | None) -> str:
        """Count a week for good, after the one before it was published: its cells are then gone."""
        if counted:
            self._publisher.take(counted, is_ahead=False)
        self._connection.execute("begin immediate")
        self._counter.count(week)
        self._connection.execute("update checkpoint set open_week = ?", (weeks_later(week, 1),))
        self._configurations.end_week()
        self._connection.execute("commit")
        self.weeks += 1
        return week

    def _load_batch(self, after: int, week: str) -> int:
        """Load uploads of this week; return the seq of the last."""
        connection = self._connection
        connection.execute("begin immediate")
        connection.execute("delete from batch")
        bounds = {"after": after, "upto": after + self._batch_uploads, "next_week": weeks_later(week, 1)}
        self.uploads += connection.execute(statement("database/staging/batch"), bounds).rowcount
        last = int(connection.execute("select max(seq) from batch").fetchone()[0])
        self._set_aside("ruled_out", week)
        self._configurations.write_new()
        self._set_aside("ruled_out_as_read", week)
        last_installation = connection.execute("select coalesce(max(installation_id), 0) from installations").fetchone()
        connection.execute(statement("database/staging/installations"), {"week_start": week})
        connection.execute(statement("database/staging/record_keys"), {"last_installation": last_installation[0]})
        connection.execute(statement("database/staging/seqs"))
        connection.execute("update checkpoint set seq = ?, open_week = ?", (last, week))
        connection.execute("commit")
        return last

    def _set_aside(self, rules: str, week: str) -> None:
        """Take from the batch what falls under these of the operator's rules."""
        if self._has_rules:
            self._connection.execute(statement(f"database/staging/{rules}"), {"week_start": week})
            self._connection.execute("delete from batch where seq in (select r.seq from ruled_out as r)")
