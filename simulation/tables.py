"""Reads the project's CSV files of facts: the shared catalogue, and the simulation's own next to this module."""

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

HERE = Path(__file__).parent
CATALOG = HERE.parent / "vocabulary" / "catalog"
FACTS = HERE / "facts"


def rows(folder: Path, name: str) -> Iterator[dict[str, str]]:
    """Yield each line of the CSV file as a mapping from column to text; an empty cell is the empty text."""
    with (folder / name).open(encoding="utf-8", newline="") as table:
        yield from csv.DictReader(table)


@cache
def rates() -> Mapping[str, float]:
    """Return `facts/rates.csv` as a mapping from rate to value; its unit is next to it in the file."""
    return MappingProxyType({row["rate"]: float(row["value"]) for row in rows(FACTS, "rates.csv")})
