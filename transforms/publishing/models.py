"""The public tables: a file each, with the table's definition and the select that fills it.

The definitions are the dictionary of the public database: the dashboard shows each comment as its column's description.
"Installations" counts different installations that are active and established, in groups of at least min_group (see
table publication); smaller groups are added together as '(other)', which follows the same rule.
"""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).with_name("tables")
_DERIVED = "derived"


@dataclass(frozen=True)
class Model:
    """One public table, named by its file."""

    table: str
    definition: str  # create table
    columns: tuple[str, ...]
    select: str  # over the figures of a week, or over the public tables; in SQL that other engines run unchanged


@cache
def weekly_models() -> tuple[Model, ...]:
    """Return the tables that each edition has rows of, by folder and name."""
    return tuple(_model(path) for path in sorted(_FOLDER.glob("*/*.sql")) if path.parent.name != _DERIVED)


@cache
def derived_models() -> tuple[Model, ...]:
    """Return the tables that are made of what is published, in an order in which each can be filled."""
    return tuple(_model(path) for path in sorted((_FOLDER / _DERIVED).glob("*.sql")))


def _model(path: Path) -> Model:
    definition, _, select = path.read_text(encoding="utf-8").partition(";\n\n")
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(definition)
        columns = connection.execute("select name from pragma_table_info(?)", (path.stem,)).fetchall()
    return Model(path.stem, definition, tuple(name for (name,) in columns), select.rstrip().removesuffix(";"))
