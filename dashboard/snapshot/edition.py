"""What a snapshot says of itself: its week, its rules, its columns.  Read once, when the snapshot is opened."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from dashboard.snapshot.dictionary import column_descriptions


@dataclass(frozen=True)
class Edition:
    """`last_week` is None, and `established` empty, where nothing can be shown yet."""

    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # table -> column -> description, or ""
    row_counts: Mapping[str, int] = field(default_factory=dict)
    min_group: int | None = None
    established_weeks: int | None = None
    active_weeks: int | None = None
    first_week: date | None = None
    last_week: date | None = None
    is_clock_in_doubt: bool = False  # no week is closed meanwhile
    established: Mapping[str, int] = field(default_factory=dict)  # week_start -> installations

    @property
    def is_missing(self) -> bool:
        """No file yet, or one without tables."""
        return not self.columns

    def established_in(self, week: str | None) -> int | None:
        """In that week, or in the last."""
        return self.established.get(week or str(self.last_week))


def read_edition(connection: sqlite3.Connection) -> Edition:
    tables = list(connection.execute("select name, sql from sqlite_master where type in ('table', 'view')"))
    columns = {name: _columns(connection, name, sql) for name, sql in tables if not name.startswith("sqlite_")}
    if "publication" not in columns:
        return Edition(columns=columns)
    row_counts = {name: _count(connection, name) for name in columns}
    rule = connection.execute(
        "select min_group, established_weeks, active_weeks, first_week, last_week, is_clock_in_doubt from publication"
    ).fetchone()
    if rule is None:
        return Edition(columns=columns, row_counts=row_counts)
    established = dict(
        list(row) for row in connection.execute("select week_start, established from weekly_installations")
    )
    return Edition(
        columns=columns,
        row_counts=row_counts,
        min_group=rule[0],
        established_weeks=rule[1],
        active_weeks=rule[2],
        first_week=_day(rule[3]),
        last_week=_day(rule[4]),
        is_clock_in_doubt=bool(rule[5]),
        established=established,
    )


def _columns(connection: sqlite3.Connection, table: str, ddl: str) -> dict[str, str]:
    described = column_descriptions(ddl)
    names = [row[0] for row in connection.execute("select name from pragma_table_info(?)", [table])]
    return {name: described.get(name, "") for name in names}


def _count(connection: sqlite3.Connection, table: str) -> int:
    quoted = table.replace('"', '""')
    return int(connection.execute(f'select count(*) from "{quoted}"').fetchone()[0])  # noqa: S608 - a name cannot be bound


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
