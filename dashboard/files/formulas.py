"""CSV that a spreadsheet only reads: a cell that would be a formula begins with an apostrophe.

Names from strangers cannot get this far in public (the transforms show no such name); the operator's explorer shows
what was reported, as it was.
"""

import csv
import io

from dashboard.asgi.types import App, Message, Receive, Scope, Send, path_of
from public_tables import inert_cell, is_formula


class InertCells:
    """Around Datasette, and within what keeps its answers, because it changes how long they are."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_csv = scope["type"] == "http" and path_of(scope).endswith(".csv")
        await self.app(scope, receive, with_inert_cells(send) if is_csv else send)


def with_inert_cells(send: Send) -> Send:
    """For an answer in CSV, whole rows at a time."""
    rest = ""

    async def send_rows(message: Message) -> None:
        nonlocal rest
        if message["type"] == "http.response.start":
            await send(message)
            return
        text = rest + message.get("body", b"").decode("utf-8", "surrogateescape")
        end = len(text) if not message.get("more_body", False) else _end_of_rows(text)
        rest = text[end:]
        await send({**message, "body": inert(text[:end]).encode("utf-8", "surrogateescape")})

    return send_rows


def inert(text: str) -> str:
    """Whole rows, of which most need nothing."""
    rows = list(csv.reader(io.StringIO(text, newline="")))
    if not any(is_formula(cell) for row in rows for cell in row):
        return text
    written = io.StringIO(newline="")
    csv.writer(written).writerows(map(inert_cell, row) for row in rows)
    return written.getvalue()


def _end_of_rows(text: str) -> int:
    """Behind the last line feed outside quotes."""
    end = text.rfind("\n")
    while end >= 0 and text.count('"', 0, end) % 2:
        end = text.rfind("\n", 0, end)
    return end + 1
