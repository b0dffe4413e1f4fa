"""The name under which a browser or `curl -OJ` keeps a CSV: the same for the same address and week."""

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from dashboard.asgi.types import App, Message, Receive, Scope, Send, path_of

if TYPE_CHECKING:
    from dashboard.site import Dashboard

LONGEST = 100


class NamedFiles:
    """Around Datasette; within what keeps its answers, because the week is that of the snapshot."""

    def __init__(self, app: App, site: "Dashboard") -> None:
        self.app = app
        self.site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not path_of(scope).endswith(".csv"):
            await self.app(scope, receive, send)
            return
        name = file_name(
            path_of(scope), scope["query_string"].decode("latin-1"), str(self.site.contents.last_week or "")
        )

        async def send_named(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                headers = {key.lower(): value for key, value in message["headers"]}
                headers[b"content-type"] = b"text/csv; charset=utf-8"
                headers[b"content-disposition"] = f'attachment; filename="{name}"'.encode()
                message = {**message, "headers": list(headers.items())}
            await send(message)

        await self.app(scope, receive, send_named)


def file_name(path: str, query_string: str, last_week: str) -> str:
    """Of safe letters only: what is asked, with what was chosen, and the week shown."""
    stem = path.rpartition("/")[2].removesuffix(".csv")
    chosen = [(key, value) for key, value in parse_qsl(query_string) if not key.startswith("_")]
    week = next((value for key, value in chosen if key in {"week", "week_start"}), last_week)
    parts = ["foreman-popcon", stem, *(value for key, value in chosen if key not in {"week", "week_start"})]
    safe = re.sub(r"[^A-Za-z0-9_.-]+", "_", "-".join(parts))[:LONGEST]
    return "-".join(filter(None, [safe, re.sub(r"[^0-9-]+", "", week)])) + ".csv"
