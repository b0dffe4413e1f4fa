"""The public tables: a file each, with the table's definition and the select that fills it.

The definitions are the dictionary of the public database: the dashboard shows each comment as its column's description.
"Installations" counts different installations that are active and established, in groups of at least min_group (see
table publication); smaller groups are added together as '(other)', which follows the same rule.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).with_name("tables")


@dataclass(frozen=True)
class Model:
    """One public table, named by its file."""

    table: str
    definition: str  # create table
    select: str  # over the tables of views.db, in SQL that other engines run unchanged


@cache
def models() -> tuple[Model, ...]:
    """Return every public table, by folder and name."""
    return tuple(_model(path) for path in sorted(_FOLDER.glob("*/*.sql")))


def _model(path: Path) -> Model:
    definition, _, select = path.read_text(encoding="utf-8").partition(";\n\n")
    return Model(path.stem, definition, select.rstrip().removesuffix(";"))
