"""`/public.db`: the snapshot itself, whole and of one piece, also while the next one is published."""

import asyncio
from typing import Any

from dashboard.asgi.types import Send
from dashboard.files.etags import etag_of, is_known
from dashboard.site import Dashboard

CHUNK_BYTES = 256 * 1024


async def download(datasette: Dashboard, request: Any, send: Send) -> None:
    """Datasette's own sends both a length and `chunked`, in pieces of 4 kB, and names the file by its path."""
    with datasette.linked.pinned() as snapshot:
        status = snapshot.status()
        if status is None:  # the gate does not let it come to this
            raise FileNotFoundError(datasette.linked.link)
        etag = etag_of(await asyncio.to_thread(snapshot.sha256))
        is_unchanged = is_known(etag, request.headers.get("if-none-match"))
        headers = {
            "content-type": "application/vnd.sqlite3",
            "content-disposition": f'attachment; filename="foreman-popcon-{snapshot.contents.last_week or "empty"}.db"',
            "content-length": str(0 if is_unchanged else status.st_size),
            "cache-control": "public, max-age=60",
            "etag": etag,
            "access-control-allow-origin": "*",
        }
        start = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": 304 if is_unchanged else 200, "headers": start})
        size = 0 if is_unchanged or request.method == "HEAD" else status.st_size
        for offset in range(0, size, CHUNK_BYTES):
            piece = await asyncio.to_thread(snapshot.read, offset, CHUNK_BYTES)
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
