"""The canned queries of metadata.yml, as the rest of the dashboard asks for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from dashboard.charts import Chart

METADATA = Path(__file__).parents[1] / "metadata.yml"


@dataclass(frozen=True)
class Parameter:
    """`choices` names the query whose first column lists them; `takes_first`: where none is given, the first."""

    name: str
    description: str
    choices: str
    takes_first: bool


@dataclass(frozen=True)
class Query:
    name: str
    title: str
    description: str
    sql: str
    parameters: Sequence[Parameter] = ()
    chart: Chart | None = None
    figure: Mapping[str, str] | None = None  # label, and unit
    links: Mapping[str, str] = field(default_factory=dict)  # column -> query with a parameter of that name

    @classmethod
    def from_metadata(cls, name: str, words: Mapping[str, Any]) -> "Query":
        parameters = [
            Parameter(parameter, given["description"], given["choices"], given.get("default") == "first")
            for parameter, given in words.get("parameters", {}).items()
        ]
        chart = Chart.from_metadata(words["chart"]) if "chart" in words else None
        return cls(
            name=name,
            title=words["title"],
            description=words["description"],
            sql=words["sql"],
            parameters=parameters,
            chart=chart,
            figure=words.get("figure"),
            links=words.get("links", {}),
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
    return metadata


def queries_of(metadata: Mapping[str, Any], database: str) -> dict[str, Query]:
    """In the order a reader meets them."""
    found = metadata["databases"][database]["queries"]
    return {name: Query.from_metadata(name, words) for name, words in found.items()}
