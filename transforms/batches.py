"""Take what the log has gained into views.db, a bounded batch at a time, and count each week as it ends.

Time never falls along the log, so that the installations as they stand when the first upload of a later week comes
are the latest-per-uuid view at the end of the week.
"""

import sqlite3
from collections.abc import Callable

from transforms.database.configurations import Configurations
from transforms.database.figures import Figures
from transforms.sql import statement
from weeks import week_of, weeks_later

# The log is read in transactions this short, so that its WAL can be checkpointed in between.
BATCH_UPLOADS = 50_000
_NEXT_UPLOAD = "select seq, received_at from standing_uploads where seq > ? order by seq limit 1"


class Loader:
    """Loads uploads up to the week `this_week`; `close_week` is called for every week before it, in order."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        configurations: Configurations,
        close_week: Callable[[str], Figures],
        active_weeks: int,
        batch_uploads: int = BATCH_UPLOADS,
    ) -> None:
        self._connection = connection
        self._configurations = configurations
        self._close_week = close_week
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
        after, week = self._connection.execute("select seq, open_week from checkpoint").fetchone()
        while after < last:
            upload = self._connection.execute(_NEXT_UPLOAD, (after,)).fetchone()
            if upload is None or (next_week := week_of(upload[1])) > this_week:
                break
            week = self._close_weeks(week, next_week)
            after = self._load_batch(upload[0] - 1, week)
            show_progress(after)

    def look_ahead(self, this_week: str) -> None:
        """Count the weeks from the one of the last upload to the one before `this_week`, as far as anybody is active.

        More uploads of these may come yet, from an import: the figures are written, and all else is left as it was.
        """
        week, counted_until = self._connection.execute("select open_week, counted_until from checkpoint").fetchone()
        if not week or (not self.uploads and counted_until == this_week):
            return
        ahead: list[Figures] = []
        self._connection.execute("begin immediate")
        while week < this_week and len(ahead) < self._active_weeks:
            ahead.append(self._close_week(week))
            week = weeks_later(week, 1)
        self._connection.execute("rollback")
        self._connection.execute("begin immediate")
        for figures in ahead:
            figures.write(self._connection)
        self._connection.execute("update checkpoint set counted_until = ?", (this_week,))
        self._connection.execute("commit")
        self.weeks += len(ahead)

    def _close_weeks(self, week: str | None, until: str) -> str:
        """Count the weeks from `week` to the one before `until`, and return `until`."""
        while week and week < until:
            self._connection.execute("begin immediate")
            self._close_week(week).write(self._connection)
            week = weeks_later(week, 1)
            self._connection.execute("update checkpoint set open_week = ?", (week,))
            self._configurations.end_week()
            self._connection.execute("commit")
            self.weeks += 1
        return until

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
        connection.execute(statement("database/staging/installations"), {"week_start": week})
        connection.execute(statement("database/staging/seqs"))
        connection.execute("update checkpoint set seq = ?, open_week = ?", (last, week))
        connection.execute("commit")
        return last

    def _set_aside(self, rules: str, week: str) -> None:
        """Take from the batch what falls under these of the operator's rules."""
        if self._has_rules:
            self._connection.execute(statement(f"database/staging/{rules}"), {"week_start": week})
            self._connection.execute("delete from batch where seq in (select r.seq from ruled_out as r)")
