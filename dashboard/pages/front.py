"""The front page: the figures that matter and the first charts, each from a canned query."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from datasette import Response  # type: ignore[import-untyped]  # Datasette ships no types

from dashboard.charts import number, signed
from dashboard.questions.queries import Query, Rows
from dashboard.questions.results import week_in_words
from dashboard.site import Dashboard

YEAR = 364  # days: 52 weeks
MOVERS = 5  # shown of those that rise, and of those that fall


@dataclass(frozen=True)
class Figure:
    """`change`: since 52 weeks before, or since the first week; or against the row before; may be empty."""

    query: Query
    label: str
    value: str
    change: str
    note: str = ""


async def front_page(datasette: Dashboard, request: Any) -> Any:
    """`/`; and any page of a server whose database is not there yet, which says so with status 503."""
    if datasette.contents.is_missing:
        body = await datasette.render_template("site/nothing_yet.html", request=request)
        asked = request.scope.get("asked_path", "/")
        headers = {"Cache-Control": "no-store"} if asked == "/" else {"Cache-Control": "no-store", "Retry-After": "60"}
        return Response.html(body, status=200 if asked == "/" else 503, headers=headers)
    if not datasette.is_public:
        return Response.redirect(f"/{datasette.linked.name}")
    figures = []
    for query in datasette.queries.values():
        if query.figure is not None:
            figure = figure_of(query, await datasette.rows_of(query.name))
            figures += [figure] if figure else []
    within_a_year = await datasette.rows_of("plugins_within_a_year")
    rising, falling = rising_and_falling(within_a_year)
    context = {
        "figures": figures,
        "rising": rising,
        "falling": falling,
        "movers_count": len(within_a_year.rows),
        "year_before": next((row["year_before"] for row in rising + falling), None),
        "database_bytes": datasette.linked.size,
    }
    return Response.html(await datasette.render_template("index.html", context, request=request))


def rising_and_falling(found: Rows) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The first and the last of the plugins by the change of their share, those that changed most first."""
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
    rising = [row for row in rows if row["points"] > 0][:MOVERS]
    falling = [row for row in reversed(rows) if row["points"] < 0][:MOVERS]
    return rising, falling


def figure_of(query: Query, found: Rows) -> Figure | None:
    """For the front page: of the latest week, or of the first row."""
    words = query.figure or {}
    if words.get("from") != "first":
        return latest_figure(query, found)
    if not found.rows:
        return None
    row = {name: week_in_words(cell) for name, cell in zip(found.columns, found.rows[0], strict=True)}
    value = found.rows[0][1]
    note = words["note"].format_map(row) if "note" in words else ""
    return Figure(query, words["label"].format_map(row), "not yet" if value is None else number(value), "", note)


def latest_figure(query: Query, found: Rows) -> Figure | None:
    """The second column of the latest week, and how it changed; the rows may come in any order."""
    rows = {date.fromisoformat(row[0]): row for row in found.rows if row[1] is not None}
    if not rows:
        return None
    latest, first = max(rows), min(rows)
    values = {day: row[1] for day, row in rows.items()}
    words = query.figure or {"label": query.title}
    unit = words.get("unit", "")
    before = next((day for day in sorted(values) if (latest - day).days <= YEAR), first)
    span = "in a year" if (latest - before).days == YEAR else f"since {before.day} {before:%B %Y}"
    change = signed(values[latest] - values[before], 1 if unit == "%" else 0)
    said = "" if before == latest else f"{change} {'points ' if unit == '%' else ''}{span}"
    note = words.get("note", "").format_map(dict(zip(found.columns, rows[latest], strict=True)))
    return Figure(query, words["label"], number(values[latest], unit), said, note)
