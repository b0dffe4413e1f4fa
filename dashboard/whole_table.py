"""A whole table as CSV, written in a thread, a few thousand rows at a time.

Datasette streams a table through the event loop, row by row: six readers of the largest table made everyone wait for
seconds.
"""

import asyncio
import csv
import io
import sqlite3
from functools import partial
from typing import Any

from datasette.utils import add_cors_headers, escape_sqlite  # type: ignore[import-untyped]  # Datasette ships no types

from dashboard.asgi import Send
from dashboard.site import Dashboard

ROWS_AT_ONCE = 2_000
PAUSE_SECONDS = 0.01  # in which pages are made


async def whole_table(datasette: Dashboard, request: Any, send: Send) -> None:
    """Rows in the order of the key, one statement after another, so that nothing is held while the reader reads."""
    table = request.url_vars["table"]
    headers = {"content-type": "text/csv; charset=utf-8"}
    add_cors_headers(headers)
    start = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": 200, "headers": start})
    columns = list(datasette.edition.columns[table])
    body, after = _written([columns]), 0
    while body:
        await send({"type": "http.response.body", "body": body, "more_body": True})
        async with datasette.one_at_a_time:
            rows = await datasette.linked.execute_fn(partial(_rows, table=table, offset=after))
            body = _written(rows)
            await asyncio.sleep(PAUSE_SECONDS)
        after += len(rows)
    await send({"type": "http.response.body", "body": b""})


def _rows(connection: sqlite3.Connection, table: str, offset: int) -> list[Any]:
    statement = f"select * from {escape_sqlite(table)} limit ? offset ?"  # noqa: S608 - a table that is there
    return connection.execute(statement, (ROWS_AT_ONCE, offset)).fetchall()


def _written(rows: list[Any]) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written).writerows(rows)
    return written.getvalue().encode()
