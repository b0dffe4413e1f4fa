"""`/archive/WEEK/FILE`: the files of published weeks, byte for byte, under the hash that their list says."""

import asyncio
import os
import sys
from typing import TYPE_CHECKING

from dashboard.asgi.types import App, Receive, Scope, Send, path_of
from dashboard.files.archive import DATABASE, LATEST, PIECE_BYTES, Archive, ArchivedWeek, NotArchivedError, hash_of
from dashboard.files.etags import etag_of, is_known

if TYPE_CHECKING:
    from dashboard.site import Dashboard

AT_ONCE_MAX = 2  # that are hashed
FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_MINUTE = "public, max-age=60"
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
    "gz": "application/gzip",
}
_Identity = tuple[int, int, int, int]


class ArchiveFiles:
    """Around what makes pages: nothing of this is kept, changed or renamed there."""

    def __init__(self, app: App, site: "Dashboard") -> None:
        self.app = app
        self.archive: Archive = site.archive
        self._turns = asyncio.Semaphore(AT_ONCE_MAX)
        self._database: tuple[_Identity, str] | None = None  # the last that was hashed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        place = _place(scope)
        if place is None:
            await self.app(scope, receive, send)
            return
        try:
            async with self._turns:
                descriptor, digest = await asyncio.to_thread(self._open, *place)
        except NotArchivedError:
            await self.app({**scope, "path": "/not-found", "raw_path": b"/not-found"}, receive, send)
            return
        except _DamagedError as error:
            print(f"{self.archive.folder / place[0]}: {error}", file=sys.stderr)  # noqa: T201 - the server's only log
            await _send(send, 500, {"content-type": "text/plain; charset=utf-8"}, b"This file is damaged.\n")
            return
        try:
            await _send_file(scope, send, place, descriptor, digest)
        finally:
            os.close(descriptor)

    def _open(self, folder: str, name: str) -> tuple[int, str]:
        """Descriptor and SHA-256 of the file.  Raise NotArchivedError or _DamagedError."""
        listed = None if folder == LATEST else self.archive.files(folder).get(name)
        if listed is None and (folder, name) != (LATEST, DATABASE):
            raise NotArchivedError(name)
        descriptor = self.archive.open(folder, name)
        try:
            digest = self._hash_of_database(descriptor) if listed is None else hash_of(descriptor)
            if listed is not None and digest != listed.sha256:
                raise _DamagedError(name)
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor, digest

    def _hash_of_database(self, descriptor: int) -> str:
        """It is large, and the same for a week."""
        status = os.fstat(descriptor)
        identity = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
        if self._database is None or self._database[0] != identity:
            self._database = (identity, hash_of(descriptor))
        return self._database[1]


class _DamagedError(Exception):
    def __str__(self) -> str:
        return f"{self.args[0]} is not what datapackage.json says"


def _place(scope: Scope) -> tuple[str, str] | None:
    """Folder and file; None where another page is asked for."""
    if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
        return None
    parts = path_of(scope).split("/")
    return (parts[2], parts[3]) if parts[:2] == ["", "archive"] and len(parts) == 4 and parts[3] else None


async def _send_file(scope: Scope, send: Send, place: tuple[str, str], descriptor: int, digest: str) -> None:
    folder, name = place
    stem, _, form = name.rpartition(".")
    size = os.fstat(descriptor).st_size
    if_none_match = dict(scope["headers"]).get(b"if-none-match", b"").decode("latin-1")
    headers = {
        "etag": etag_of(digest),
        "cache-control": FOR_A_MINUTE if folder == LATEST else FOR_EVER,
        "access-control-allow-origin": "*",
    }
    if is_known(headers["etag"], if_none_match):
        await _send(send, 304, headers)
        return
    if form != "json":
        week = "" if folder == LATEST else f"-{ArchivedWeek.named(folder).name}"
        headers["content-disposition"] = f'attachment; filename="foreman-popcon-{stem}{week}.{form}"'
    headers |= {"content-type": TYPES[form], "content-length": str(size)}
    await _start(send, 200, headers)
    for offset in range(0, size if scope["method"] == "GET" else 0, PIECE_BYTES):
        piece = await asyncio.to_thread(os.pread, descriptor, PIECE_BYTES, offset)
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _send(send: Send, status: int, headers: dict[str, str], body: bytes = b"") -> None:
    await _start(send, status, headers)
    await send({"type": "http.response.body", "body": body})


async def _start(send: Send, status: int, headers: dict[str, str]) -> None:
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
