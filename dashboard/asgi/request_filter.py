"""What a request asks, as Datasette gets it: what is not listed here does not exist; what was left out is filled in.

Datasette has pages that show its paths and threads, and arguments that make it fail; none of them comes this far.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from dashboard.addresses import is_of_a_week
from dashboard.asgi.types import Scope, path_of

if TYPE_CHECKING:
    from dashboard.questions.queries import Query
    from dashboard.site import Dashboard

STATIC = "/static/"
ARCHIVE = "/archive"
FORMATS = {"", "csv", "json", "svg"}
OF_QUERIES = {"_shape", "_nl", "_header", "_dl"}
OF_TABLES = OF_QUERIES | {
    "_col", "_facet", "_facet_size", "_next", "_nocol", "_nocount", "_nofacet", "_size", "_sort", "_sort_desc",
    "_stream",
}  # fmt: skip
OF_A_WHOLE = OF_TABLES - {"_facet_size", "_next", "_size", "_sort", "_sort_desc", "_shape"}  # as CSV, none is of a page
OF_PAGES: dict[str, set[str]] = {
    "/search": {"q"}, "/method": set(), "/quality": set(), "/take-part": set(), "/privacy": set(), "/PRIVACY.md": set(),
}  # fmt: skip


def asked_week(site: "Dashboard", scope: Scope) -> str:
    """Which week's figures are asked for, or ''; not yet whether there is such a week."""
    if not site.is_public or site.contents.is_missing or not is_of_a_week(path_of(scope)):
        return ""
    query: str = scope["query_string"].decode("latin-1")
    return dict(parse_qsl(query, keep_blank_values=True)).get("week", "")


def of_no_such_week(scope: Scope) -> Scope:
    return _moved(scope, "/no-such-week.json" if path_of(scope).endswith(".json") else "/no-such-week")


async def filtered(site: "Dashboard", scope: Scope) -> Scope:
    """Without cookies, since nobody logs in."""
    headers = [(name, value) for name, value in scope["headers"] if name not in {b"cookie", b"authorization"}]
    scope = {**scope, "headers": headers}
    path, database = path_of(scope), f"/{site.linked.name}"
    if path.startswith(STATIC) or path == "/favicon.ico":
        return scope if path.startswith(STATIC) else _moved(scope, f"{STATIC}icon.svg")
    if site.is_public and (path == ARCHIVE or path.startswith(f"{ARCHIVE}/")):
        return _of_page(scope, set())
    if site.contents.is_missing:
        return _moved(scope, "/") if path != "/" else scope
    if path == "/" or (
        site.is_public and (path in OF_PAGES or f"{path.removeprefix('/badge')}/".split("/")[1] in site.kinds)
    ):
        return _of_page(scope, OF_PAGES.get(path, set()))
    if path in {database, f"{database}.json", f"{database}.db"}:
        return scope
    return await _of_database(site, scope, path)


async def _of_database(site: "Dashboard", scope: Scope, path: str) -> Scope:
    """A query, a table or a row, in one of its formats."""
    contents, database = site.contents, f"/{site.linked.name}"
    page, _, form = path.removeprefix(f"{database}/").partition(".")
    name, _, row = page.partition("/")
    if name not in contents.columns:
        name = site.former_names.get(name, name)
    query = site.queries.get(name)
    is_known = name in contents.columns or (query is not None and not row)
    if not (path.startswith(f"{database}/") and is_known and form in FORMATS):
        return _moved(scope, "/not-found.json" if path.endswith(".json") else "/not-found")
    arguments = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    if query is not None:
        arguments = await _of_query(site, query, dict(arguments))
        if form == "csv" and site.is_public:
            return _moved(scope, f"/whole/{name}.csv", arguments)
        return _at(scope, f"{database}/{name}" + (f".{form}" if form else ""), arguments)
    arguments = _of_table(arguments, list(contents.columns[name]))
    if form == "csv" and not row:
        if site.is_public and _is_whole(arguments, list(contents.columns[name]), site.sortable.get(name, [])):
            return _moved(scope, f"/whole/{name}.csv", arguments)
        arguments = [(key, value) for key, value in arguments if key != "_stream"]
        if not site.is_public and not arguments:
            arguments = [("_stream", "on"), ("_size", "max")]
    return {**scope, "is_of_table": True, "query_string": urlencode(arguments).encode()}


def _of_page(scope: Scope, known: set[str]) -> Scope:
    arguments = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    return {**scope, "query_string": urlencode([(key, value) for key, value in arguments if key in known]).encode()}


async def _of_query(site: "Dashboard", query: "Query", given: dict[str, str]) -> list[tuple[str, str]]:
    known = OF_QUERIES | {parameter.name for parameter in query.parameters}
    arguments = {key: value for key, value in given.items() if key in known}
    is_bare = not any(arguments.get(parameter.name) for parameter in query.parameters)
    for parameter in query.parameters:
        if parameter.rank and not arguments.get(parameter.name) and (is_bare or not parameter.is_optional):
            ranked = await site.choices(parameter)
            arguments[parameter.name] = next(iter(ranked[parameter.rank - 1 :]), "")
    return list(arguments.items())


def _of_table(given: list[tuple[str, str]], columns: list[str]) -> list[tuple[str, str]]:
    """Each facet is a query over the whole table, so there is one at a time."""
    arguments = [(key, value) for key, value in given if _is_of_table(key, value, columns)]
    facets = [argument for argument in arguments if argument[0] == "_facet"]
    return [argument for argument in arguments if argument not in facets[1:]]


def _is_of_table(key: str, value: str, columns: list[str]) -> bool:
    """A filter is `column` or `column__comparison`; a list as JSON that is none makes Datasette fail."""
    column, _, comparison = key.partition("__")
    is_filter = column in columns and not (comparison in {"in", "notin"} and value.startswith("["))
    return key in OF_TABLES or key.startswith("_filter_") or is_filter


def _is_whole(arguments: list[tuple[str, str]], columns: list[str], sortable: Sequence[str]) -> bool:
    """Neither one page of a table, nor what Datasette has to refuse or to complete."""
    return all(
        key in OF_A_WHOLE
        or (key in {"_sort", "_sort_desc"} and value in sortable)
        or (key, value) == ("_size", "max")
        or key.partition("__")[0] in columns
        for key, value in arguments
    )


def _at(scope: Scope, path: str, arguments: list[tuple[str, str]]) -> Scope:
    return {**scope, "path": path, "raw_path": path.encode(), "query_string": urlencode(arguments).encode()}


def _moved(scope: Scope, path: str, arguments: Sequence[tuple[str, str]] = ()) -> Scope:
    """To another page, which can say what was asked for."""
    return _at({**scope, "asked_path": scope["path"]}, path, list(arguments))
