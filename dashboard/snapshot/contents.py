"""What a snapshot says of itself: its week, its rules, its columns.  Read once, when the snapshot is opened."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from public_tables import column_descriptions

_NOISE_BOUND = 5


@dataclass(frozen=True)
class Edition:
    """A week as it was published; `revision` is 1, and one more each time it was counted again, for a `reason`."""

    week: str
    revision: int
    published_on: str
    min_group: int
    noise: int
    established_weeks: int
    active_weeks: int
    reason: str


@dataclass(frozen=True)
class Revision:
    """Weeks that were counted again at one time for one reason; or, published on no day, a week with a remark."""

    published_on: str
    reason: str
    weeks: Sequence[str]


@dataclass(frozen=True)
class Contents:
    """`last_week` is None, and `established` empty, where nothing can be shown yet."""

    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # table -> column -> description, or ""
    row_counts: Mapping[str, int] = field(default_factory=dict)
    min_group: int | None = None
    noise: int | None = None
    established_weeks: int | None = None
    active_weeks: int | None = None
    first_week: date | None = None
    last_week: date | None = None
    is_clock_in_doubt: bool = False  # no week is closed meanwhile
    established: Mapping[str, int] = field(default_factory=dict)  # week_start -> installations
    editions: Sequence[Edition] = ()  # by week and revision
    last_weeks: Mapping[str, str] = field(default_factory=dict)  # table -> its last week with rows; unknown if pinned

    @property
    def is_missing(self) -> bool:
        """No file yet, or one without tables."""
        return not self.columns

    def established_in(self, week: str | None) -> int | None:
        """In that week, or in the last."""
        return self.established.get(week or str(self.last_week))

    @property
    def noise_bound(self) -> int:
        """How far a published figure may be from the true one: the table that noise is drawn from ends there."""
        return _NOISE_BOUND if self.noise else 0

    @property
    def has_rows(self) -> bool:
        """Whether the latest report of each installation is public too."""
        return "uploads" in self.columns

    @property
    def revisions(self) -> list[Revision]:
        """The oldest first."""
        found: dict[tuple[str, str], list[str]] = {}
        for each in self.editions:
            if each.reason:
                found.setdefault((each.published_on, each.reason), []).append(each.week)
        return [Revision(published_on, reason, weeks) for (published_on, reason), weeks in sorted(found.items())]

    def until(self, week: str) -> "Contents":
        """As far as that week, which is in `established`; `row_counts` are left out."""
        editions = [each for each in self.editions if each.week <= week]
        rules = editions[-1] if editions else self
        return replace(
            self,
            row_counts={},
            min_group=rules.min_group,
            noise=rules.noise,
            established_weeks=rules.established_weeks,
            active_weeks=rules.active_weeks,
            last_week=date.fromisoformat(week),
            is_clock_in_doubt=False,
            editions=editions,
            last_weeks={},
        )


def read_contents(connection: sqlite3.Connection) -> Contents:
    tables = list(connection.execute("select name, sql from sqlite_master where type in ('table', 'view')"))
    columns = {name: _columns(connection, name, sql) for name, sql in tables if not name.startswith("sqlite_")}
    if "publication" not in columns:
        return Contents(columns=columns)
    counts = row_counts(connection, list(columns))
    rule = connection.execute("select * from publication").fetchone()
    if rule is None:
        return Contents(columns=columns, row_counts=counts)
    rules = dict(zip(columns["publication"], rule, strict=True))
    established = dict(
        list(row) for row in connection.execute("select week_start, established from weekly_installations")
    )
    return Contents(
        columns=columns,
        row_counts=counts,
        min_group=rules["min_group"],
        noise=rules.get("noise"),
        established_weeks=rules["established_weeks"],
        active_weeks=rules["active_weeks"],
        first_week=_day(rules["first_week"]),
        last_week=_day(rules["last_week"]),
        is_clock_in_doubt=bool(rules["is_clock_in_doubt"]),
        established=established,
        editions=_editions(connection) if "editions" in columns else (),
        last_weeks={
            table: connection.execute(f"select coalesce(max(week_start), '') from {table}").fetchone()[0]  # noqa: S608 - its own tables
            for table, names in columns.items()
            if "week_start" in names
        },
    )


def _editions(connection: sqlite3.Connection) -> list[Edition]:
    rows = connection.execute(
        "select week_start, revision, published_on, min_group, noise, established_weeks, active_weeks, reason"
        " from editions order by week_start, revision"
    )
    return [Edition(*row) for row in rows]


def _columns(connection: sqlite3.Connection, table: str, ddl: str) -> dict[str, str]:
    described = column_descriptions(ddl)
    names = [row[0] for row in connection.execute("select name from pragma_table_info(?)", [table])]
    return {name: described.get(name, "") for name in names}


def row_counts(connection: sqlite3.Connection, tables: Sequence[str]) -> dict[str, int]:
    quoted = {table: table.replace('"', '""') for table in tables}
    return {
        table: int(connection.execute(f'select count(*) from "{name}"').fetchone()[0])  # noqa: S608 - a name cannot be bound
        for table, name in quoted.items()
    }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
