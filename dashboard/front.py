"""The front page: the figures that matter and the first charts, each from a canned query."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from datasette import Response  # type: ignore[import-untyped]  # Datasette ships no types

from dashboard.charts import number
from dashboard.queries import Query, Rows
from dashboard.site import Dashboard

YEAR = 364  # days: 52 weeks


@dataclass(frozen=True)
class Figure:
    """`change`: since 52 weeks before, or since the first week; empty with a single week."""

    query: Query
    label: str
    value: str
    change: str


async def front_page(datasette: Dashboard, request: Any) -> Any:
    """`/`; and any page of a server whose database is not there yet, which says so with status 503."""
    if datasette.edition.is_missing:
        body = await datasette.render_template("nothing_yet.html", request=request)
        asked = request.scope.get("asked_path", "/")
        headers = {"Cache-Control": "no-store"} if asked == "/" else {"Cache-Control": "no-store", "Retry-After": "60"}
        return Response.html(body, status=200 if asked == "/" else 503, headers=headers)
    if not datasette.is_public:
        return Response.redirect(f"/{datasette.linked.name}")
    figures = []
    for query in datasette.queries.values():
        if query.figure is not None:
            figure = latest_figure(query, await datasette.rows_of(query.name))
            figures += [figure] if figure else []
    context = {"figures": figures, "database_bytes": datasette.linked.size}
    return Response.html(await datasette.render_template("index.html", context, request=request))


def latest_figure(query: Query, found: Rows) -> Figure | None:
    """The second column of the latest week, and how it changed; the rows may come in any order."""
    values = {date.fromisoformat(row[0]): row[1] for row in found.rows if row[1] is not None}
    if not values or query.figure is None:
        return None
    latest, first = max(values), min(values)
    unit = query.figure.get("unit", "")
    before = next((day for day in sorted(values) if (latest - day).days <= YEAR), first)
    span = "in a year" if (latest - before).days == YEAR else f"since {before.day} {before:%B %Y}"
    change = values[latest] - values[before]
    sign = "+" if change > 0 else "\N{MINUS SIGN}" if change < 0 else "±"
    amount = number(abs(change), unit).replace("%", "points")
    said = "" if before == latest else f"{sign}{amount} {span}"
    return Figure(query, query.figure["label"], number(values[latest], unit), said)
