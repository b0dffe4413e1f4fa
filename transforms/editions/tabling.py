"""Public rows from the figures of a week: each weekly table by its model."""

import sqlite3
from collections.abc import Iterable
from math import sqrt

from transforms.editions.core_names import core_name, sort_key
from transforms.editions.edition import Table
from transforms.publishing.models import weekly_models
from transforms.sql import statement
from transforms.weeks.intervals import interval
from transforms.weeks.series_groups import Row
from vocabulary.catalogue import Catalogue
from weeks import last_day

_OF_CORE = ("core_versions", "core_series", "adoption")


class Tabling:
    """A database in memory for the figures of one week, and for the public tables that are made of them."""

    def __init__(self, catalogue: Catalogue, week_start: str, noise: int) -> None:
        self.connection = sqlite3.connect(":memory:", uri=True, isolation_level=None)
        self._catalogue, self._week_start, self._noise = catalogue, week_start, noise
        self.connection.create_function("sqrt", 1, _sqrt, deterministic=True)  # not every SQLite was built with it
        for create in statement("editions/figures").split(";")[:-1]:
            self.connection.execute(create)
        for model in weekly_models():
            self.connection.execute(model.definition)
        releases = ((one.name, one.released_on) for one in catalogue.calendar.series)
        self.connection.executemany("insert into series_releases values (?, ?)", releases)

    def write(
        self,
        *,
        established: int,
        active: int | None,
        rows: Iterable[Row],
        pairs: Iterable[Row],
        plugins_year_before: Iterable[tuple[object, ...]],
    ) -> None:
        """Take in the figures of the week."""
        week, day, insert = self._week_start, last_day(self._week_start), self.connection.executemany
        cells = list(rows)
        names = {name for mart, _, name, *_ in cells if mart in _OF_CORE}
        insert("insert into shown_weeks values (?, ?, ?)", [(week, active, established)])
        insert(
            "insert into shown_cells values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ((week, *row, *self._interval(row), sort_key(row[0], row[2])) for row in cells),
        )
        insert(
            "insert into shown_pairs values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ((week, *pair, *self._interval(pair), sort_key("core_series", pair[2])) for pair in pairs),
        )
        insert(
            "insert into core_names values (?, ?, ?, ?, ?, ?, ?, ?)",
            ((week, name, *core_name(name, day, self._catalogue)) for name in names),
        )
        insert("insert into plugins_year_before values (?, ?, ?, ?, ?)", plugins_year_before)

    def make(self) -> None:
        """Make the tables of the figures."""
        for model in weekly_models():
            self.connection.execute(f"insert into {model.table} {model.select}")

    def tables(self) -> dict[str, Table]:
        """Return the public tables that have rows, in alphabetical order."""
        return read_weekly(self.connection, self._week_start)

    def _interval(self, row: Row) -> tuple[float, float, float]:
        *_, figure, n = row
        return interval(figure, n, self._noise)


def read_weekly(connection: sqlite3.Connection, week_start: str) -> dict[str, Table]:
    """Return the rows that the weekly tables have of a week, in the order of their primary keys.

    Of a table of another version, only the columns that it has today.
    """
    tables = {}
    for model in sorted(weekly_models(), key=lambda model: model.table):
        there = connection.execute("select name from pragma_table_info(?)", (model.table,)).fetchall()
        columns = tuple(column for (column,) in there if column in model.columns)
        if not columns:
            continue
        select = f"select {', '.join(columns)} from {model.table} where week_start = ?"  # noqa: S608 - names of ours
        if rows := tuple(connection.execute(select, (week_start,))):
            tables[model.table] = Table(columns, rows)
    return tables


def _sqrt(number: float | None) -> float | None:
    return None if number is None else sqrt(number)
