"""A query or a table as CSV, all of it: nothing in a file could say that it was cut.

Datasette cuts a filtered table and the result of a query without a word, and streams a whole table through the event
loop, row by row: six readers of the largest table made everyone wait for seconds.  Here a table is written in a
thread, a few thousand rows at a time, one statement after another, so that nothing is held while the reader reads.
"""

import asyncio
import csv
import io
import sqlite3
from collections.abc import Sequence
from functools import partial
from typing import Any

from datasette.filters import Filters  # type: ignore[import-untyped]  # Datasette ships no types
from datasette.utils import (  # type: ignore[import-untyped]  # Datasette ships no types
    add_cors_headers,
    escape_sqlite,
    sqlite_timelimit,
)
from datasette.views.base import DatasetteError  # type: ignore[import-untyped]  # Datasette ships no types

from dashboard.asgi.types import Send
from dashboard.site import SETTINGS, Dashboard

ROWS_AT_ONCE = 2_000
PAUSE_SECONDS = 0.01  # in which pages are made
Statement = tuple[str, dict[str, Any]]
TOO_LONG = "This takes too long. Ask for less, or download the whole table or database."


async def send_csv(datasette: Dashboard, request: Any, send: Send) -> None:
    """Rows in the order of the key unless another is asked for.  A table that fails halfway ends without its end."""
    name, is_headed = request.url_vars["name"], request.args.get("_header") != "off"
    more: Statement | None = None
    if name in datasette.queries:
        columns, rows = await _result(datasette, name, request)
    else:
        columns, more = await _selected(datasette, name, request)
        rows = await _piece(datasette, more, 0)
    headers = {"content-type": "text/csv; charset=utf-8"}
    add_cors_headers(headers)
    start = [(key.lower().encode(), value.encode()) for key, value in headers.items()]
    await send({"type": "http.response.start", "status": 200, "headers": start})
    await send(_rows([columns] if is_headed else []))
    after = 0
    while rows:
        await send(_rows(rows))
        after += len(rows)
        rows = await _piece(datasette, more, after) if more is not None else []
    await send({"type": "http.response.body", "body": b""})


async def _result(datasette: Dashboard, name: str, request: Any) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
    values = {
        parameter.name: request.args.get(parameter.name) or "" for parameter in datasette.queries[name].parameters
    }
    try:
        found = await datasette.rows_of(name, values, truncate=False)
    except sqlite3.OperationalError as error:
        raise DatasetteError(TOO_LONG, status=400) from error
    return found.columns, found.rows


async def _selected(datasette: Dashboard, table: str, request: Any) -> tuple[list[str], Statement]:
    """The columns, and the statement with its parameters; limit and offset are left to fill in."""
    arguments = [(key, value) for key in request.args for value in request.args.getlist(key)]
    columns = await _columns(datasette, table, request)
    filters = Filters([(key, value) for key, value in arguments if not key.startswith("_")])
    clauses, parameters = filters.build_where_clauses(table)
    where = f" where {' and '.join(clauses)}" if clauses else ""
    sorts = [(key, value) for key, value in arguments if key in {"_sort", "_sort_desc"}]
    keys = [f"{escape_sqlite(value)}{' desc' if key == '_sort_desc' else ''}" for key, value in sorts[:1]]
    keys += [escape_sqlite(column) for column in await datasette.linked.primary_keys(table)]
    order = f" order by {', '.join(keys)}" if keys else ""
    names = ", ".join(escape_sqlite(column) for column in columns)
    sql = f"select {names} from {escape_sqlite(table)}{where}{order} limit :_count offset :_after"  # noqa: S608 - names that are there
    return columns, (sql, parameters)


async def _columns(datasette: Dashboard, table: str, request: Any) -> list[str]:
    """As Datasette picks them: the key is always there."""
    every, keys = list(datasette.contents.columns[table]), await datasette.linked.primary_keys(table)
    wanted, unwanted = (request.args.getlist(argument) for argument in ("_col", "_nocol"))
    unknown = set(wanted + unwanted) - set(every)
    if unknown:
        raise DatasetteError(f"No such column: {', '.join(sorted(unknown))}", status=400)
    asked = [*keys, *(column for column in dict.fromkeys(wanted) if column not in keys)] if wanted else every
    return [column for column in asked if column in keys or column not in unwanted]


async def _piece(datasette: Dashboard, statement: Statement, after: int) -> Sequence[Sequence[Any]]:
    async with datasette.one_at_a_time:
        try:
            rows: list[Any] = await datasette.linked.execute_fn(partial(_fetch, statement=statement, after=after))
        except sqlite3.OperationalError as error:
            raise DatasetteError(TOO_LONG, status=400) from error
        await asyncio.sleep(PAUSE_SECONDS)
    return rows


def _fetch(connection: sqlite3.Connection, statement: Statement, after: int) -> list[Any]:
    sql, parameters = statement
    with sqlite_timelimit(connection, SETTINGS["sql_time_limit_ms"]):
        return connection.execute(sql, {**parameters, "_count": ROWS_AT_ONCE, "_after": after}).fetchall()


def _rows(rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    written = io.StringIO(newline="")
    csv.writer(written).writerows(rows)
    return {"type": "http.response.body", "body": written.getvalue().encode(), "more_body": True}
