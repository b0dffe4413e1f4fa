"""history.db: what must stay when raw uploads are purged, so that a rebuild starts from there.

It holds the public figures of all closed weeks, and of each installation that still has uploads its first weeks, so
that it stays established.  It is written anew each time, so that whoever leaves the log leaves it too.  The receiver
purges no further than it reaches.
"""

import sqlite3
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

from settings import Settings
from transforms import closed_weeks
from transforms.sql import statement
from transforms.swapping import replace

# The tables of views.db that hold the figures of closed weeks, by week_start.
FIGURES = ("shown_weeks", "shown_cells")


def due_week(connection: sqlite3.Connection, settings: Settings, now: datetime) -> str:
    """Return the Monday before which uploads may go by now and are still there; '' where nothing is to be done."""
    if not settings.retention_days:
        return ""
    day = now.date() - timedelta(days=settings.retention_days)
    before = (day - timedelta(days=day.weekday())).isoformat()
    oldest = connection.execute("select received_at from log.uploads order by seq limit 1").fetchone()
    return before if oldest is not None and oldest[0] < before > kept_before(settings.history) else ""


def kept_before(history: Path) -> str:
    """Return the Monday up to which history.db has taken in what came before, '' where there is none."""
    if not history.exists():
        return ""
    with closing(sqlite3.connect(f"{history.as_uri()}?mode=ro", uri=True)) as connection:
        return str(connection.execute("select received_before from kept").fetchone()[0])


def write(connection: sqlite3.Connection, settings: Settings, received_before: str) -> None:
    """Write history.db from views.db, which `connection` has open: uploads from before that Monday may go then."""
    draft = settings.history.with_name(".history-draft.db")
    draft.unlink(missing_ok=True)
    connection.execute("attach ? as draft", (str(draft),))
    connection.execute("pragma draft.journal_mode = off")
    connection.execute("begin")
    for table in FIGURES:
        connection.execute(f"create table draft.{table} as select * from main.{table}")  # noqa: S608 - names of ours
    parameters = {"received_before": received_before, "established_weeks": settings.established_weeks}
    connection.execute("create table draft.kept (through_seq integer, received_before text)")
    connection.execute(statement("history/kept"), parameters)
    connection.execute("create table draft.first_weeks (uuid text, week_start text)")
    connection.execute(statement("history/first_weeks"), parameters)
    connection.execute("commit")
    connection.execute("detach draft")
    replace(draft, settings.history)


def restore(connection: sqlite3.Connection, settings: Settings, countable_from: str) -> int:
    """Bring into a views.db that is being rebuilt what no upload tells any more; return how many weeks that are.

    Weeks before `countable_from` stand as history.db has them, or stay empty without it; groups that today's
    min_group is too large for are left out.  Runs in a transaction of its own.
    """
    connection.execute("attach ? as history", (f"{settings.history.as_uri()}?mode=ro" if _has(settings) else "",))
    connection.execute("begin immediate")
    weeks = 0
    if _has(settings):
        for table in FIGURES:
            connection.execute(
                f"insert into main.{table} select * from history.{table} where week_start < ?",  # noqa: S608 - as above
                (countable_from,),
            )
        for table, column in (("shown_weeks", "established"), ("shown_cells", "installations")):
            connection.execute(f"delete from main.{table} where {column} < ?", (settings.min_group,))  # noqa: S608
        weeks = connection.execute("select count(*) from shown_weeks").fetchone()[0]
        connection.execute(statement("history/earlier_weeks"))
        closed_weeks.establish_anew(connection, settings.established_weeks)
    _close_weeks(connection, countable_from)
    connection.execute("commit")
    connection.execute("detach history")
    return int(weeks)


def _close_weeks(connection: sqlite3.Connection, countable_from: str) -> None:
    """Let no week before `countable_from` be counted from the few uploads that are left of it."""
    oldest = connection.execute("select min(week_start) from weekly_uploads").fetchone()[0]
    if oldest is None:
        return
    week = date.fromisoformat(oldest)
    while week.isoformat() < countable_from:
        connection.execute("insert or ignore into counted_weeks values (?)", (week.isoformat(),))
        week += timedelta(weeks=1)


def _has(settings: Settings) -> bool:
    return settings.history.exists()
