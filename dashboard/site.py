"""One server: a Datasette with a single database behind a link, its queries, and what its templates may ask."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from datasette.app import Datasette  # type: ignore[import-untyped]  # Datasette ships no types

from dashboard.addresses import Addresses, is_of_a_week, with_week, without_week
from dashboard.charts import Caption, number, share, signed
from dashboard.files.archive import Archive
from dashboard.questions.columns import Cell, Words, cell, cells, head
from dashboard.questions.queries import Parameter, Query, Rows, load_metadata, queries_of
from dashboard.questions.results import Result, address, installations_asked, week_in_words, week_span
from dashboard.questions.things import Kind, Thing, kinds_of, things_of
from dashboard.snapshot.contents import Contents, Revision
from dashboard.snapshot.linked_database import LinkedDatabase

HERE = Path(__file__).parent
ROWS_IN_PAGE = 100  # of a query's page; CSV and JSON have all of them
EARLIER_WEEKS_CACHED = 4

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

    def __init__(self, database: str, link: Path, exports: Path, *, is_public: bool) -> None:
        metadata = load_metadata(database)
        self.is_public = is_public
        self.archive = Archive(exports)
        self.queries: Mapping[str, Query] = queries_of(metadata, database)
        self.one_at_a_time = asyncio.Semaphore(1)  # pieces of whole tables, of all requests together
        self.facets: Mapping[str, Sequence[str]] = {
            table: words["count_by"]
            for table, words in metadata["databases"][database].get("tables", {}).items()
            if "count_by" in words
        }
        self.former_names: Mapping[str, str] = {
            query.formerly: name for name, query in self.queries.items() if query.formerly
        }
        # In the order a reader meets them.
        self.sortable: Mapping[str, Sequence[str]] = {
            table: words.get("sortable_columns", [])
            for table, words in metadata["databases"][database].get("tables", {}).items()
        }
        self.titles: Mapping[str, str] = {
            table: words["title"] for table, words in metadata["databases"][database].get("tables", {}).items()
        }
        self.words = Words(metadata["headings"], metadata["changes"])
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
        self.jinja_env.filters.update(
            number=number, share=share, signed=signed, week=week_in_words, span=week_span, cell=cell
        )

    @property
    def contents(self) -> Contents:
        """Of the week that was asked for."""
        return self.linked.contents

    @property
    def urls(self) -> Addresses:
        return Addresses(self, lambda: self.linked.week)

    def permalink(self, request: Any) -> str:
        """The page with the week that it shows; '' where it is the same in every week."""
        week = self.linked.week or str(self.contents.last_week or "")
        is_one = self.is_public and week and is_of_a_week(request.path)
        return with_week(self.latest(request), week) if is_one else ""

    def latest(self, request: Any) -> str:
        """The page as of the latest week."""
        return without_week(request.path, request.query_string)

    async def rows_of(self, name: str, values: Mapping[str, str] | None = None, *, truncate: bool = True) -> Rows:
        """The result of a canned query, unless it shall be whole up to as many rows as a page may have.

        A parameter without a value is empty.
        """
        query = self.queries[name]
        given = {parameter.name: (values or {}).get(parameter.name, "") for parameter in query.parameters}
        found = await self.linked.execute(query.sql, given, truncate=truncate)
        return Rows(found.columns, found.rows)

    async def choices(self, parameter: Parameter) -> list[str]:
        """What a parameter may be; a name in brackets, such as '(other)', is none.  A later week may be chosen too."""
        with self.linked.until("" if parameter.name == "week" else self.linked.week):
            found = await self.rows_of(parameter.choices)
        return [str(row[0]) for row in found.rows if not str(row[0]).startswith("(")]

    @property
    def notes(self) -> list[Revision]:
        """What charts mark and the page on data quality explains, by number: annotations, and weeks counted again."""
        last = str(self.contents.last_week)
        annotated = [Revision("", note["words"], [note["week_start"]]) for note in self.annotations]
        return [note for note in annotated if note.weeks[0] <= last] + self.contents.revisions

    @property
    def chapters(self) -> dict[str, list[Query]]:
        """The queries under their headings, in the order a reader meets them."""
        found: dict[str, list[Query]] = {}
        for query in self.queries.values():
            found.setdefault(query.chapter, []).append(query)
        return found

    async def things(self, kind: Kind) -> dict[str, Thing]:
        """All that were ever shown, by name; looked up once for each snapshot, and again for few earlier weeks."""
        key = (kind.name, self.linked.earlier_week)
        with self.linked.pinned() as snapshot:
            things: dict[str, Thing] | None = snapshot.cached.get(key)
            if things is None:
                things = things_of(kind, await self.rows_of(kind.names), str(self.contents.last_week))
                snapshot.cached[key] = things
            earlier = [each for each in snapshot.cached if each[1]]
            for each in earlier[: -EARLIER_WEEKS_CACHED * len(self.kinds)]:
                del snapshot.cached[each]
            return things

    def result(
        self, name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], values: Mapping[str, str]
    ) -> Result:
        query, found, contents = self.queries[name], Rows(columns, rows), self.contents
        named = query.chart.week(columns, rows) if query.chart else None
        week = named or values.get("week") or None
        established = contents.established_in(week)
        note = f"Week of {week_in_words(week or contents.last_week)}{installations_asked(query, found, established)}"
        noted = [(date.fromisoformat(note.weeks[0]), at) for at, note in enumerate(self.notes, start=1)]
        caption = Caption(query.heading(values), note, established, noted)
        return Result(query, found, values, caption, self.linked.name, self.urls)

    async def run(self, name: str, values: Mapping[str, str] | None = None) -> Result:
        found = await self.rows_of(name, values)
        return self.result(name, found.columns, found.rows, values or {})

    def head(self, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[Cell]:
        return head(self.words, Rows(columns, rows))

    def cells(self, columns: Sequence[str], row: Sequence[Any], query: Query | None) -> list[Cell]:
        made = cells(self.words, columns, row, query.links if query else {})
        return [replace(each, href=self.urls.path(each.href)) if each.href else each for each in made]

    def address(self, name: str, values: Mapping[str, str], form: str = "") -> str:
        return address(self.queries[name], self.linked.name, values, form)


def _static_version() -> str:
    """In the address of each static file, so that a browser keeps it until it changes."""
    files = sorted((HERE / "static").iterdir())
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:10]
