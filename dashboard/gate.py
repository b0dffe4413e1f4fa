"""The outermost layer: what is not listed here does not exist, and every answer carries the security headers."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

if TYPE_CHECKING:
    from dashboard.site import Dashboard

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

READING = {"GET", "HEAD", "OPTIONS"}
STATIC = ("/static/", "/-/static/")
LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}
# The pages have no script at all, and no style but our own files.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    b"content-security-policy": POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=()",
}
ARGUMENTS_OF_QUERIES = {"_shape", "_nl", "_header", "_dl"}
ASKED_FOR_SOME = {"_size", "_next", "_stream"}


class Gate:
    """Around Datasette, for one site.  Pins the request to one snapshot."""

    def __init__(self, app: App, site: "Dashboard") -> None:
        self.app = app
        self.site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        send = _with_headers(self._cache_control(scope), send)
        if not self.site.is_public and not _is_loopback(scope):
            await _refuse(send, 403, "This explorer answers to its own address only.")
        elif self.site.is_public and scope["method"] not in READING:
            await _refuse(send, 405, "This dashboard is for reading.")
        else:
            with self.site.linked.pinned():
                await self.app(await self._asked(scope), receive, send)

    def _cache_control(self, scope: Scope) -> bytes | None:
        """None: as it is.  What installations reported privately is kept nowhere."""
        if _path(scope).startswith(STATIC):
            return b"public, max-age=86400"
        return None if self.site.is_public else b"no-store"

    async def _asked(self, scope: Scope) -> Scope:
        """The request as Datasette gets it: without cookies, since nobody logs in, and with what was left out."""
        headers = [(name, value) for name, value in scope["headers"] if name not in {b"cookie", b"authorization"}]
        asked: Scope = {**scope, "headers": headers}
        path = _path(scope)
        if path.startswith(STATIC) or path == "/favicon.ico":
            return asked
        edition = self.site.edition
        if edition.is_missing:
            return _moved(asked, "/") if path != "/" else asked
        database = f"/{self.site.linked.name}"
        if path in {"/", database, f"{database}.db", f"{database}.json"}:
            return asked
        page = path.removeprefix(f"{database}/")
        name = page.partition("/")[0].partition(".")[0]
        if page == path or not (name in self.site.queries or name in edition.columns):
            return _moved(asked, "/not-found")
        return {**asked, "query_string": await self._arguments(page, scope["query_string"])}

    async def _arguments(self, page: str, query_string: bytes) -> bytes:
        name, _, form = page.partition(".")
        arguments = dict(parse_qsl(query_string.decode("latin-1"), keep_blank_values=True))
        query = self.site.queries.get(name)
        if query is None:
            # A table as CSV is the whole table, unless a part is asked for.
            whole = form == "csv" and not ASKED_FOR_SOME & set(arguments)
            return query_string + (b"&" if query_string else b"") + b"_stream=on&_size=max" if whole else query_string
        known = ARGUMENTS_OF_QUERIES | {parameter.name for parameter in query.parameters}
        arguments = {key: value for key, value in arguments.items() if key in known}
        for parameter in query.parameters:
            if parameter.takes_first and not arguments.get(parameter.name):
                arguments[parameter.name] = next(iter(await self.site.choices(parameter)), "")
        return urlencode(arguments).encode()


def _path(scope: Scope) -> str:
    """As it was sent: Datasette decodes it in a way of its own."""
    raw: bytes | None = scope.get("raw_path")
    return scope["path"] if raw is None else raw.decode("latin-1").partition("?")[0]


def _moved(scope: Scope, path: str) -> Scope:
    """To another page, which can say what was asked for."""
    return {**scope, "path": path, "raw_path": path.encode(), "query_string": b"", "asked_path": scope["path"]}


def _is_loopback(scope: Scope) -> bool:
    """A page elsewhere can point its own name at 127.0.0.1; the name then gives it away."""
    host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
    return host.rpartition(":")[0] in LOOPBACK or host in LOOPBACK


def _with_headers(cache_control: bytes | None, send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = {name.lower(): value for name, value in message.get("headers", [])}
            if cache_control is not None and message["status"] == 200:
                headers[b"cache-control"] = cache_control
            message = {**message, "headers": list((HEADERS | headers).items())}
        await send(message)

    return send_with_headers


async def _refuse(send: Send, status: int, words: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"allow", b"GET, HEAD, OPTIONS")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": words.encode() + b"\n"})
