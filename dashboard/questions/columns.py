"""A result as a table for people: headings with units, an interval in one cell, signs where something changed.

CSV and JSON have the names and numbers of the query itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from dashboard.charts import number, signed
from dashboard.questions.queries import Rows

LONGEST = 200  # letters of a cell
WHOLE = 40  # letters up to which a name stays on one line


@dataclass(frozen=True)
class Words:
    """`headings`: column -> what stands above it; of two columns of the same heading, an interval, one is made."""

    headings: Mapping[str, str]
    changes: Sequence[str]  # columns whose numbers carry a sign


@dataclass(frozen=True)
class Cell:
    """`form`: n for a number, s for a name that stays on one line."""

    text: str
    form: str = ""
    href: str = ""


def head(words: Words, found: Rows) -> list[Cell]:
    first = found.rows[0] if found.rows else [None] * len(found.columns)
    headings: dict[str, Cell] = {}
    for name, value in zip(found.columns, first, strict=True):
        heading = words.headings.get(name, name)
        headings.setdefault(heading, Cell(heading, "n" if _is_number(value) else ""))
    return list(headings.values())


def cells(words: Words, columns: Sequence[str], row: Sequence[Any], links: Mapping[str, str]) -> list[Cell]:
    named = dict(zip(columns, row, strict=True))
    made: dict[str, Cell] = {}
    for name, value in named.items():
        heading = words.headings.get(name, name)
        cell = _cell(words, name, value, links.get(name, ""), bool(named.get("installations")))
        if heading in made and made[heading].text:
            cell = Cell(f"{made[heading].text} to {cell.text}", "n")
        made[heading] = cell
    return list(made.values())


def cell(value: Any) -> Cell:
    """Of a table as it is, without words on it."""
    if value is None:
        return Cell("")
    if isinstance(value, int):
        return Cell(number(value), "n")
    if isinstance(value, float):
        return Cell(number(value, digits=1 if value == round(value, 1) else 3), "n")
    text = str(value)
    cut = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    return Cell(cut, "s" if len(text) <= WHOLE else "")


def _cell(words: Words, name: str, value: Any, link: str, is_there: bool) -> Cell:
    plain = cell(value)
    if name in words.changes and _is_number(value):
        plain = Cell(signed(value), "n")
    elif name == "percent" and value == 0 and is_there:
        plain = Cell("< 0.1", "n")
    if link and value is not None and not str(value).startswith("("):
        return Cell(plain.text, plain.form, link + quote(str(value), safe=""))
    return plain


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float)
