"""`/public.db`: the snapshot itself, whole and of one piece, also while the next one is published."""

import asyncio
import os
from typing import Any

from dashboard.gate import Send
from dashboard.site import Dashboard

CHUNK_BYTES = 256 * 1024


async def download(datasette: Dashboard, request: Any, send: Send) -> None:
    """Datasette's own sends both a length and `chunked`, in pieces of 4 kB, and names the file by its path."""
    with datasette.linked.pinned() as snapshot, snapshot.file.open("rb") as file:
        status = os.fstat(file.fileno())
        etag = f'"{status.st_ino:x}-{status.st_mtime_ns:x}"'
        is_known = request.headers.get("if-none-match") == etag
        week = snapshot.edition.last_week or "empty"
        headers = {
            "content-type": "application/vnd.sqlite3",
            "content-disposition": f'attachment; filename="foreman-popcon-{week}.db"',
            "content-length": str(0 if is_known else status.st_size),
            "cache-control": "public, max-age=60",
            "etag": etag,
            "access-control-allow-origin": "*",
        }
        start = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": 304 if is_known else 200, "headers": start})
        if request.method == "HEAD" or is_known:
            await send({"type": "http.response.body", "body": b""})
            return
        while chunk := await asyncio.to_thread(file.read, CHUNK_BYTES):
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
