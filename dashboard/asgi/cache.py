"""Every public page is a function of the snapshot and its address, so it is cached until the next snapshot."""

from collections import OrderedDict
from hashlib import sha256
from typing import TYPE_CHECKING

from dashboard.asgi.types import App, Message, Receive, Scope, Send, path_of

if TYPE_CHECKING:
    from dashboard.site import Dashboard
    from dashboard.snapshot.snapshot import Snapshot

LARGEST_BYTES = 1 << 20  # of one answer that is cached
LONGEST_KEY_BYTES = 4_096  # an address longer than that is not cached
ENTRY_BYTES = 2_048  # what an answer takes besides its body and its address
TOTAL_BYTES = 32 << 20
CACHE_CONTROL = (b"cache-control", b"public, max-age=60")  # then asked again, and mostly answered with 304


class PageCache:
    """Caches whole answers to GET with status 200; the least recently used go first."""

    def __init__(self, app: App, site: "Dashboard") -> None:
        self.app = app
        self.site = site
        self._snapshot: Snapshot | None = None
        self._answers: OrderedDict[tuple[object, ...], list[Message]] = OrderedDict()
        self._bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # The archive may gain a week while the snapshot stays.
        if scope["type"] != "http" or scope["method"] != "GET" or path_of(scope).startswith("/archive"):
            await self.app(scope, receive, send)
            return
        with self.site.linked.pinned() as snapshot:
            key = (*_key(scope), self.site.linked.week)
            answer = self._find(snapshot, key)
            if answer is None:
                recorder = _Recorder(send)
                await self.app(scope, receive, recorder)
                self._keep(snapshot, key, recorder.answer)
                return
        await _replay(answer, scope, send)

    def _find(self, snapshot: "Snapshot", key: tuple[object, ...]) -> list[Message] | None:
        if snapshot is not self._snapshot:
            self._snapshot, self._bytes = snapshot, 0
            self._answers.clear()
        answer = self._answers.get(key)
        if answer is not None:
            self._answers.move_to_end(key)
        return answer

    def _keep(self, snapshot: "Snapshot", key: tuple[object, ...], answer: list[Message] | None) -> None:
        if answer is None or snapshot is not self._snapshot or key in self._answers:
            return
        if _key_bytes(key) > LONGEST_KEY_BYTES:
            return
        self._answers[key] = answer
        self._bytes += _bytes_of(key, answer)
        while self._bytes > TOTAL_BYTES:
            self._bytes -= _bytes_of(*self._answers.popitem(last=False))


class _Recorder:
    """Passes an answer on as one piece with its ETag; one that is too large, in the pieces it comes in."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.answer: list[Message] | None = None
        self._start: Message = {}
        self._body = bytearray()
        self._is_passing = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            # Who names the content by its hash has read it, and it is large.
            self._is_passing = message["status"] != 200 or any(name == b"etag" for name, _ in message["headers"])
            if self._is_passing:
                await self.send(message)
        elif self._is_passing:
            await self.send(message)
        else:
            self._body += message.get("body", b"")
            if len(self._body) > LARGEST_BYTES:
                self._is_passing = True
                await self.send(self._start)
                await self.send({**message, "body": bytes(self._body)})
            elif not message.get("more_body", False):
                await self._finish()

    async def _finish(self) -> None:
        body = bytes(self._body)
        etag = b'"' + sha256(body).hexdigest()[:32].encode() + b'"'
        replaced = {b"cache-control", b"etag", b"content-length"}
        headers = [(name, value) for name, value in self._start["headers"] if name.lower() not in replaced]
        headers += [CACHE_CONTROL, (b"etag", etag), (b"content-length", str(len(body)).encode())]
        self.answer = [{**self._start, "headers": headers}, {"type": "http.response.body", "body": body}]
        for message in self.answer:
            await self.send(message)


async def _replay(answer: list[Message], scope: Scope, send: Send) -> None:
    start, body = answer
    etag = dict(start["headers"])[b"etag"]
    if etag in dict(scope["headers"]).get(b"if-none-match", b""):
        headers = [
            (name, value) for name, value in start["headers"] if name not in {b"content-length", b"content-type"}
        ]
        await send({**start, "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    await send(dict(start))
    await send(dict(body))


def _bytes_of(key: tuple[object, ...], answer: list[Message]) -> int:
    return ENTRY_BYTES + _key_bytes(key) + len(answer[1]["body"])


def _key_bytes(key: tuple[object, ...]) -> int:
    return sum(len(part) for part in key if isinstance(part, str | bytes))


def _key(scope: Scope) -> tuple[object, ...]:
    """With the host, since Datasette writes whole addresses into some answers."""
    host = dict(scope["headers"]).get(b"host", b"")
    return (scope["path"], scope["query_string"], scope.get("asked_path"), host, scope["scheme"])
