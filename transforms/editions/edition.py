"""An edition: the public rows of one closed week, with what they were made under.  Pure."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any

import orjson

Value = str | int | float | None


@dataclass(frozen=True)
class Header:
    """What an edition says of itself."""

    week_start: str
    revision: int  # 1, and one more each time the week is counted again
    published_on: str  # day, UTC
    min_group: int
    noise: int  # standard deviation; 0: the figures are exact
    established_weeks: int
    active_weeks: int
    reason: str  # why the week was counted again; empty in revision 1

    @property
    def name(self) -> str:
        """Return the name of its folder in the archive, such as `2026-11-16` or `2026-11-16.r2`."""
        return self.week_start if self.revision == 1 else f"{self.week_start}.r{self.revision}"


@dataclass(frozen=True)
class Table:
    """The rows that a public table has of the week."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]

    def dicts(self) -> Iterator[dict[str, Any]]:
        """Yield each row by column."""
        for row in self.rows:
            yield dict(zip(self.columns, row, strict=True))


@dataclass(frozen=True)
class Edition:
    """One closed week as it is published."""

    header: Header
    tables: dict[str, Table]  # by name, in alphabetical order; none that is empty
    sha256_of_lost: str = ""  # if the rows are lost: of a revision that another one has replaced

    @property
    def sha256(self) -> str:
        """Return the digest, in hexadecimal digits, of the header and every row."""
        if self.sha256_of_lost:
            return self.sha256_of_lost
        content = {
            "header": {field.name: getattr(self.header, field.name) for field in fields(Header)},
            "tables": {name: _without_empty(table) for name, table in sorted(self.tables.items())},
        }
        return hashlib.sha256(orjson.dumps(content)).hexdigest()


def _without_empty(table: Table) -> list[object]:
    """Return a table without columns in which nothing stands: a later version may have more of these."""
    filled = [at for at in range(len(table.columns)) if any(row[at] is not None for row in table.rows)]
    return [[table.columns[at] for at in filled], [[row[at] for at in filled] for row in table.rows]]


def digest_of_all(digests: Iterable[str]) -> str:
    """Return one digest of the digests of all editions, in the order of publication."""
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()
