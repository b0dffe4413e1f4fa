"""The description of a chart: the key `chart` next to a canned query in metadata.yml."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

KINDS = ("line", "lines", "areas", "bars")
OF_INSTALLATIONS = "of_installations"


@dataclass(frozen=True)
class Bar:
    """`whole`: what its value is a share of, None where it is none; `change` of that share in a year, in points."""

    name: str
    value: float
    whole: int | None = None
    change: float | None = None


class ChartError(ValueError):
    """A description that cannot be drawn; the message names the key and what would do."""


@dataclass(frozen=True)
class Chart:
    """Which columns are drawn, and how.

    `line`: y over the weeks in x.  `lines`: the same for each series, the `top` largest; or `over` days.  `areas`:
    shares of a whole over the weeks, stacked by `series` in the order of the rows.  `bars`: y for each x, the first
    `top` rows.
    """

    kind: str
    x: str
    y: str
    series: str = ""
    top: int = 0  # of bars or lines; 0: all
    unit: str = ""  # behind each value: "%"
    over: str = ""  # "days": x of lines is a number of days
    of: str = ""  # a bar is a share of the number in this column, if any, or of the "established" installations
    change: str = ""  # of bars: the column with the change of the share in a year, in points
    order: Sequence[str] = ()  # of areas, from the bottom: where the names of the series are no versions
    title: str = ""  # where the query's own title does not do; {parameter} stands for its value

    @classmethod
    def from_metadata(cls, description: Mapping[str, Any]) -> "Chart":
        unknown = set(description) - {field.name for field in fields(cls)}
        if unknown:
            raise ChartError(f"chart: no such key: {', '.join(sorted(unknown))}")
        missing = {"kind", "x", "y"} - set(description)
        if missing:
            raise ChartError(f"chart: give {', '.join(sorted(missing))}")
        if description["kind"] not in KINDS:
            raise ChartError(f"chart: kind {description['kind']!r}: give one of {', '.join(KINDS)}")
        if description["kind"] in {"lines", "areas"} and not description.get("series"):
            raise ChartError(f"chart: kind {description['kind']!r} needs series")
        return cls(**description)

    def spoken(self) -> dict[str, str | None]:
        """Attributes by which a script finds the values of a week in the rows; bars have them written out."""
        if self.kind == "bars":
            return {"data_values": None}
        return {
            "data_kind": self.kind,
            "data_x": self.x,
            "data_y": self.y,
            "data_series": self.series or None,
            "data_unit": self.unit or None,
            "data_over": self.over or None,
        }

    def whole(self, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> int | None:
        """How many all bars are shares of, where that is one number in a column of its own."""
        found = {row[columns.index(self.of)] for row in rows} if self.of == OF_INSTALLATIONS else set()
        return int(found.pop()) if len(found) == 1 else None

    def week(self, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str | None:
        """The one that all bars are of, where the rows name it."""
        found = {str(row[columns.index("week_start")]) for row in rows} if "week_start" in columns else set()
        return found.pop() if self.kind == "bars" and len(found) == 1 else None

    def bars(self, columns: Sequence[str], rows: Sequence[Sequence[Any]], established: int | None) -> list[Bar]:
        """One for each row that has a number to draw."""
        found = []
        for row in rows:
            cells = dict(zip(columns, row, strict=True))
            if isinstance(cells[self.y], int | float):
                whole = established if self.of == "established" else cells.get(self.of)
                found.append(Bar(str(cells[self.x]), float(cells[self.y]), whole, cells.get(self.change)))
        return found

    def pick(self, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[tuple[Any, str, float]]:
        """(x, series, y) of each row that has a number to draw."""
        at = {name: columns.index(name) for name in (self.x, self.y, self.series or self.x)}
        return [
            (row[at[self.x]], str(row[at[self.series or self.x]]), float(row[at[self.y]]))
            for row in rows
            if isinstance(row[at[self.y]], int | float)
        ]
