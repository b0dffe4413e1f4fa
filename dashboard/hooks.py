"""Where this dashboard meets Datasette: one plugin, active for our own servers only."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from datasette import Response, hookimpl  # type: ignore[import-untyped]  # Datasette ships no types
from datasette.renderer import json_renderer  # type: ignore[import-untyped]  # Datasette ships no types

from dashboard.asgi.archive_files import ArchiveFiles
from dashboard.asgi.cache import PageCache
from dashboard.asgi.gate import Gate
from dashboard.asgi.page_queue import PagesInTurn
from dashboard.asgi.table_queue import TablesInTurn
from dashboard.asgi.types import App
from dashboard.files.csv_files import send_csv
from dashboard.files.download import download
from dashboard.files.file_names import NamedFiles
from dashboard.files.formulas import InertCells
from dashboard.pages.archive import archive_page, archived_week_page, to_folder
from dashboard.pages.badge import badge
from dashboard.pages.errors import error_answer, no_such_week
from dashboard.pages.explaining import (
    method_page,
    privacy_as_text,
    privacy_page,
    quality_page,
    take_part_page,
    thing_page,
)
from dashboard.pages.front import front_page
from dashboard.pages.lookup import search_page
from dashboard.site import Dashboard

# A picture of its own carries its style inside, and nothing else may happen in it.
PICTURE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


@hookimpl  # type: ignore[untyped-decorator]  # Datasette ships no types
def get_metadata(datasette: Any) -> dict[str, Any]:
    """What a column means is said by the DDL of the file that is served."""
    if not isinstance(datasette, Dashboard) or not hasattr(datasette, "linked"):
        return {}
    # Datasette merges into what it is given, so it is given a fresh one.
    tables = {
        table: {"columns": {**columns}}
        for table, columns in datasette.contents.columns.items()
        if any(columns.values())
    }
    return {"databases": {datasette.linked.name: {"tables": tables}}}


@hookimpl  # type: ignore[untyped-decorator]  # Datasette ships no types
def register_routes(datasette: Any) -> list[tuple[str, Callable[..., Any]]]:
    if not isinstance(datasette, Dashboard):
        return []
    routes: list[tuple[str, Callable[..., Any]]] = [(r"/$", front_page)]
    if datasette.is_public:
        kind = f"(?P<kind>{'|'.join(datasette.kinds)})"
        routes += [
            (r"/public\.db$", download),
            (r"/whole/(?P<name>[^/]+)\.csv$", send_csv),
            (rf"/{kind}/(?P<name>[^/]+)$", thing_page),
            (rf"/badge/{kind}/(?P<name>[^/]+)\.json$", badge),
            (r"/search$", search_page),
            (r"/method$", method_page),
            (r"/quality$", quality_page),
            (r"/take-part$", take_part_page),
            (r"/privacy$", privacy_page),
            (r"/PRIVACY\.md$", privacy_as_text),
            (r"/archive/$", archive_page),
            (r"/archive/(?P<name>[^/]+)/$", archived_week_page),
            (r"/archive(?:/[^/]+)?$", to_folder),
            (r"/no-such-week(?:\.json)?$", no_such_week),
        ]
    return routes


@hookimpl  # type: ignore[untyped-decorator]  # Datasette ships no types
def asgi_wrapper(datasette: Any) -> Callable[[App], App]:
    def wrap(app: App) -> App:
        if not isinstance(datasette, Dashboard):
            return app
        if datasette.is_public:
            made = PagesInTurn(NamedFiles(InertCells(TablesInTurn(app)), datasette))
            return Gate(ArchiveFiles(PageCache(made, datasette), datasette), datasette)
        return Gate(NamedFiles(InertCells(app), datasette), datasette)

    return wrap


@hookimpl  # type: ignore[untyped-decorator]  # Datasette ships no types
def register_output_renderer(datasette: Any) -> list[dict[str, Any]]:
    """NAME.svg for every canned query with a chart; and JSON without how long it took, which is never the same."""

    def can_render(query_name: str | None) -> bool:
        query = datasette.queries.get(query_name or "") if isinstance(datasette, Dashboard) else None
        return query is not None and query.chart is not None

    def render(query_name: str | None, columns: Any, rows: Any, request: Any) -> Any:
        if not isinstance(datasette, Dashboard) or query_name is None:
            return None
        values = {key: request.args.get(key) for key in request.args}
        drawn = datasette.result(query_name, columns, rows, values).picture
        return drawn and Response(drawn, headers=dict(PICTURE_HEADERS), content_type="image/svg+xml; charset=utf-8")

    def render_json(args: Any, data: dict[str, Any], view_name: str) -> Any:
        return json_renderer(args, {key: value for key, value in data.items() if key != "query_ms"}, view_name)

    return [
        {"extension": "svg", "render": render, "can_render": can_render},
        {"extension": "json", "render": render_json},
    ]


@hookimpl  # type: ignore[untyped-decorator]  # Datasette ships no types
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Callable[[], Awaitable[Any]]:
    return partial(error_answer, datasette, request, exception)
