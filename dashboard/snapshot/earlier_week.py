"""A snapshot as far as a week: views of the same names stand before its tables, so that no query knows of it."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

_DERIVED = Path(__file__).parents[2] / "transforms" / "publishing" / "tables" / "derived"
# Tables that are made from the published rows, made again from those that are left.
_SELECTS = {
    "series_half": (_DERIVED / "series_half.sql")
    .read_text(encoding="utf-8")
    .partition(";\n\n")[2]
    .rstrip()
    .rstrip(";"),
    "publication": Path(__file__).with_name("publication_until.sql").read_text(encoding="utf-8"),
}


class EarlierWeek:
    """A connection on which everything ends with `week`, which is set before each use."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.week = ""
        connection.create_function("week_shown", 0, lambda: self.week, deterministic=True)
        for name, select in list(_views(connection)):
            connection.execute(f"create temp view {_quoted(name)} as {select}")


def _views(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Name and select of each.  Rows of no week, such as those of single installations, are of the latest alone."""
    tables = {
        name: {column for (column,) in connection.execute("select name from pragma_table_info(?)", [name])}
        for (name,) in connection.execute("select name from main.sqlite_master where type = 'table'")
        if not name.startswith("sqlite_")
    }
    for name, columns in tables.items():
        condition = "week_start <= week_shown()" if "week_start" in columns else "false"
        rows = f"select * from main.{_quoted(name)} where {condition}"  # noqa: S608 - a name cannot be bound
        yield name, _SELECTS[name] if name in _SELECTS and "editions" in tables else rows


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
