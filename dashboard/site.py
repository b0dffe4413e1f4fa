"""One server: a Datasette with a single database behind a link, its queries, and what its templates may ask."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from datasette.app import Datasette  # type: ignore[import-untyped]  # Datasette ships no types
from markupsafe import Markup

from dashboard.charts import Caption, draw, number, picture, points, tag
from dashboard.edition import Edition
from dashboard.linked import LinkedDatabase
from dashboard.queries import Parameter, Query, Rows, load_metadata, queries_of
from dashboard.things import Kind, Thing, kinds_of, things_of

HERE = Path(__file__).parent
ROWS_IN_PAGE = 100  # of a query's page; CSV and JSON have all of them

SETTINGS = {
    "max_returned_rows": 10_000,  # eight rows a week for twenty years
    "num_sql_threads": 3,
    "sql_time_limit_ms": 1_000,
    "facet_time_limit_ms": 100,
    "suggest_facets": False,  # a query for each column of each table page
    "allow_csv_stream": True,
}


class Dashboard(Datasette):  # type: ignore[misc]  # Datasette ships no types
    """`is_public`: answers anyone with public figures, and only with those."""

    def __init__(self, database: str, link: Path, *, is_public: bool) -> None:
        metadata = load_metadata(database)
        self.is_public = is_public
        self.queries: Mapping[str, Query] = queries_of(metadata, database)
        self.one_at_a_time = asyncio.Semaphore(1)  # pieces of whole tables, of all requests together
        self.facets: Mapping[str, Sequence[str]] = {
            table: words["count_by"]
            for table, words in metadata["databases"][database].get("tables", {}).items()
            if "count_by" in words
        }
        self.annotations: Sequence[Mapping[str, str]] = metadata["annotations"]
        self.kinds: Mapping[str, Kind] = kinds_of(metadata)
        super().__init__(
            metadata=metadata,
            template_dir=str(HERE / "templates"),
            static_mounts=[("static", str(HERE / "static"))],
            settings=SETTINGS,
            cors=is_public,
        )
        self.remove_database("_memory")
        self.linked = LinkedDatabase(self, link, is_mutable=not is_public)
        self.add_database(self.linked, name=database)
        self.jinja_env.globals.update(
            site=self,
            site_name=metadata["title"],
            site_sentence=metadata["description"],
            rows_in_page=ROWS_IN_PAGE,
            static_version=_static_version(),
        )
        self.jinja_env.filters.update(number=lambda value, unit="": number(value, unit), points=points, week=_week)

    @property
    def edition(self) -> Edition:
        with self.linked.pinned() as snapshot:
            return snapshot.edition

    async def rows_of(self, name: str, values: Mapping[str, str] | None = None) -> Rows:
        """The result of a canned query; a parameter without a value is empty."""
        query = self.queries[name]
        given = {parameter.name: (values or {}).get(parameter.name, "") for parameter in query.parameters}
        found = await self.linked.execute(query.sql, given, truncate=True)
        return Rows(found.columns, found.rows)

    async def choices(self, parameter: Parameter) -> list[str]:
        """What a parameter may be; a name in brackets, such as '(other)', is none."""
        found = await self.rows_of(parameter.choices)
        return [str(row[0]) for row in found.rows if not str(row[0]).startswith("(")]

    @property
    def chapters(self) -> dict[str, list[Query]]:
        """The queries under their headings, in the order a reader meets them."""
        found: dict[str, list[Query]] = {}
        for query in self.queries.values():
            found.setdefault(query.chapter, []).append(query)
        return found

    async def things(self, kind: Kind) -> dict[str, Thing]:
        """All that were ever shown, by name; looked up once for each snapshot."""
        with self.linked.pinned() as snapshot:
            if kind.name not in snapshot.kept:
                found = await self.rows_of(kind.names)
                snapshot.kept[kind.name] = things_of(kind, found, str(self.edition.last_week))
            things: dict[str, Thing] = snapshot.kept[kind.name]
            return things

    def caption(self, query: Query, values: Mapping[str, str]) -> Caption:
        edition = self.edition
        week = values.get("week") or None
        established = edition.established_in(week)
        asked = f" · {established:,} established installations" if established is not None else ""
        noted = [(date.fromisoformat(note["week_start"]), at) for at, note in enumerate(self.annotations, start=1)]
        shown = f"Week of {_week(week or edition.last_week)}{asked}"
        return Caption(query.heading(values), shown, established, noted)

    def chart(
        self, name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], values: Mapping[str, str]
    ) -> Markup:
        """For the inside of a page; empty where there is nothing to draw.  Every name in it is escaped."""
        query = self.queries[name]
        drawn = draw(query.chart, columns, rows, self.caption(query, values)) if query.chart else ""
        if not query.chart or not drawn:
            return Markup("")
        # What chart.js needs to read out a week; bars have their numbers written beside them.
        source = {"data_values": self.address(name, values, "json"), **query.chart.spoken()}
        return Markup(tag("div", drawn, class_="drawn", **source))  # noqa: S704 - made of escaped parts

    async def chart_of(self, name: str, values: Mapping[str, str] | None = None) -> Markup:
        found = await self.rows_of(name, values)
        return self.chart(name, found.columns, found.rows, values or {})

    def address(self, name: str, values: Mapping[str, str], form: str = "") -> str:
        """Of a canned query's page, or of its result as csv, json or svg."""
        known = {parameter.name for parameter in self.queries[name].parameters}
        arguments = urlencode({key: value for key, value in values.items() if key in known and value})
        return f"/{self.linked.name}/{name}" + (f".{form}" if form else "") + (f"?{arguments}" if arguments else "")

    def picture(
        self, name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], values: Mapping[str, str]
    ) -> str | None:
        query = self.queries[name]
        return picture(query.chart, columns, rows, self.caption(query, values)) if query.chart else None


def _week(day: object) -> str:
    """16 November 2026; what is no date stays as it is."""
    try:
        found = day if isinstance(day, date) else date.fromisoformat(str(day))
    except ValueError:
        return str(day)
    return f"{found.day} {found:%B %Y}"


def _static_version() -> str:
    """In the address of each static file, so that a browser keeps it until it changes."""
    files = sorted((HERE / "static").iterdir())
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:10]
