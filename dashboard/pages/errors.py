"""What a reader gets where a request cannot be answered, and the one line that the operator gets."""

import sqlite3
import sys
from typing import Any

from datasette import Response  # type: ignore[import-untyped]  # Datasette ships no types
from datasette.database import QueryInterrupted  # type: ignore[import-untyped]  # Datasette ships no types
from datasette.utils import add_cors_headers  # type: ignore[import-untyped]  # Datasette ships no types
from datasette.utils.asgi import Base400  # type: ignore[import-untyped]  # Datasette ships no types
from datasette.views.base import DatasetteError  # type: ignore[import-untyped]  # Datasette ships no types

# What Datasette takes for mistakes of its own: half a key, too large a number, too much at once, a busy machine.
_FORESEEN = {
    sqlite3.ProgrammingError: (404, "There is no such row."),
    OverflowError: (400, "A number is too large."),
    MemoryError: (400, "This takes too much memory; ask for less."),
    QueryInterrupted: (503, "This takes too long just now; try again later."),
}


async def no_such_week(datasette: Any, request: Any) -> None:  # noqa: ARG001 - as Datasette calls it
    """Where the week of an address is none that was published."""
    first, last = datasette.contents.first_week, datasette.contents.last_week
    published = f"Weeks are published from {first} to {last}, each named by its Monday." if first else ""
    raise DatasetteError(published or "No week has been published yet.", title="No such week", status=404)


async def error_answer(site: Any, request: Any, error: Exception) -> Any:
    """Return the page, or the JSON, of an error.  One that nobody foresaw is told in a line, without what was asked."""
    status, message = _status(error)
    title = error.title if isinstance(error, DatasetteError) else None
    if status == 500:
        print(f"{request.path} failed: {type(error).__name__}", file=sys.stderr)  # noqa: T201 - the server's only log
    headers: dict[str, str] = {}
    if site.cors:
        add_cors_headers(headers)
    known = error.error_dict if isinstance(error, DatasetteError) else {}
    told = {**known, "ok": False, "error": message, "status": status, "title": title}
    if request.path.split("?")[0].endswith(".json"):
        return Response.json(told, status=status, headers=headers)
    page = await site.render_template("error.html", told, request=request)
    return Response.html(page, status=status, headers=headers)


def _status(error: Exception) -> tuple[int, str]:
    if isinstance(error, Base400):
        return error.status, str(error.args[0]) if error.args else ""
    if isinstance(error, DatasetteError):  # a column that cannot be sorted by is 500 there
        return 400 if error.status == 500 else error.status, str(error.message)
    for kind, answer in _FORESEEN.items():
        if isinstance(error, kind):
            return answer
    return 500, "Something went wrong."
