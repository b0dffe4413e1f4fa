"""The canned queries of metadata.yml, as the rest of the dashboard asks for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from dashboard.charts import Chart
from vocabulary.fields import read_fields

METADATA = Path(__file__).parents[2] / "metadata.yml"


@dataclass(frozen=True)
class Parameter:
    """`choices` names the query whose first column lists them; `rank`: which of them, from 1, where none is given.

    An optional one may be left empty: its rank is for those who give no parameter at all.
    """

    name: str
    description: str
    choices: str
    rank: int = 0
    is_optional: bool = True

    @property
    def label(self) -> str:
        """A, B and C say nothing."""
        return self.description if len(self.name) == 1 else self.name.replace("_", " ").capitalize()

    @classmethod
    def from_metadata(cls, name: str, words: Mapping[str, Any]) -> "Parameter":
        default = words.get("default", 0)
        is_first = default == "first"
        return cls(name, words["description"], words["choices"], 1 if is_first else int(default), not is_first)


@dataclass(frozen=True)
class Query:
    name: str
    title: str
    description: str
    sql: str
    chapter: str = ""
    parameters: Sequence[Parameter] = ()
    chart: Chart | None = None
    figure: Mapping[str, str] | None = None  # label; unit, note, from
    links: Mapping[str, str] = field(default_factory=dict)  # column -> beginning of an address that its value ends
    formerly: str = ""  # another name that still leads here, unless a table has it

    @classmethod
    def from_metadata(cls, name: str, words: Mapping[str, Any]) -> "Query":
        parameters = [Parameter.from_metadata(*parameter) for parameter in words.get("parameters", {}).items()]
        chart = Chart.from_metadata(words["chart"]) if "chart" in words else None
        return cls(
            name=name,
            title=words["title"],
            description=words["description"],
            sql=words["sql"],
            chapter=words.get("chapter", ""),
            parameters=parameters,
            chart=chart,
            figure=words.get("figure"),
            links=words.get("links", {}),
            formerly=words.get("formerly", ""),
        )

    def heading(self, values: Mapping[str, str]) -> str:
        """The chart's title, with the parameters' values in it."""
        heading = self.chart.title if self.chart and self.chart.title else self.title
        for parameter in self.parameters:
            heading = heading.replace("{" + parameter.name + "}", values.get(parameter.name, ""))
        return heading


@dataclass(frozen=True)
class Rows:
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]


def load_metadata(database: str) -> dict[str, Any]:
    """Fresh each time, since Datasette writes into what it is given; only the words of one database."""
    metadata: dict[str, Any] = yaml.safe_load(METADATA.read_text(encoding="utf-8"))
    metadata["databases"] = {database: metadata["databases"][database]}
    register = read_fields()
    for table, words in metadata["databases"][database].get("tables", {}).items():
        if made_of := [f"{field.key} ({field.title})" for field in register if table in field.tables]:
            words["description"] += f" Counted from each report: {', '.join(made_of)}."
    return metadata


def queries_of(metadata: Mapping[str, Any], database: str) -> dict[str, Query]:
    """In the order a reader meets them."""
    found = metadata["databases"][database]["queries"]
    return {name: Query.from_metadata(name, words) for name, words in found.items()}
