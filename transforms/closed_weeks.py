"""Count each closed week once: who stands in it, with what, and which of the groups may be shown."""

import sqlite3
from datetime import date, datetime, timedelta

from settings import Settings
from transforms.sql import statement

WEEK = timedelta(days=7)

# In this order; each reads what those before it wrote.
_STEPS = (
    "weeks/standing",
    "weeks/cells",
    "weeks/hidden_small",
    "weeks/hidden_names",
    "weeks/hidden_complements",
    "weeks/shown_names",
    "weeks/shown_others",
    "weeks/shown_totals",
)


def monday(day: date) -> date:
    """Return the Monday of the week of `day`."""
    return day - timedelta(days=day.weekday())


def count_closed_weeks(connection: sqlite3.Connection, settings: Settings, now: datetime) -> int:
    """Count every closed week that has no figures yet; return how many.  `now` is in UTC.  Each is a transaction."""
    first = connection.execute("select min(week_start) from weekly_uploads").fetchone()[0]
    if first is None:
        return 0
    counted = {row[0] for row in connection.execute("select week_start from counted_weeks")}
    week, this_week = date.fromisoformat(first), monday(now.date())
    missing = []
    while week < this_week:
        if week.isoformat() not in counted:
            missing.append(week.isoformat())
        week += WEEK
    for week_start in missing:
        connection.execute("begin immediate")
        _count(connection, settings, week_start)
        connection.execute("commit")
    return len(missing)


def forget_counts(connection: sqlite3.Connection, established_weeks: int) -> None:
    """Undo all counting, and find anew when each installation was established.  Runs in the caller's transaction."""
    connection.execute("delete from counted_weeks")
    establish_anew(connection, established_weeks)


def establish_anew(connection: sqlite3.Connection, established_weeks: int) -> None:
    """Find anew when each installation was first seen and established.  Runs in the caller's transaction."""
    connection.execute("update installations set first_week = null, week_count = 0, established_week = null")
    connection.execute("delete from new_weeks")
    connection.execute(
        "insert into new_weeks"
        " select installation_id, week_start from weekly_uploads union"
        " select installation_id, week_start from earlier_weeks"
    )
    connection.execute(statement("staging/weeks_of_installations"), {"established_weeks": established_weeks})


def _count(connection: sqlite3.Connection, settings: Settings, week_start: str) -> None:
    parameters = {
        "week_start": week_start,
        "back": f"-{7 * (settings.active_weeks - 1)} days",
        "min_group": settings.min_group,
    }
    for table in ("standing", "cells", "hidden_keys"):
        connection.execute(f"delete from {table}")  # noqa: S608 - names of ours
    for table in ("shown_weeks", "shown_cells"):
        connection.execute(f"delete from {table} where week_start = :week_start", parameters)  # noqa: S608 - as above
    for step in _STEPS:
        connection.execute(statement(step), parameters)
    connection.execute("insert into counted_weeks values (:week_start)", parameters)
    connection.execute("update checkpoint set publication = ''")
