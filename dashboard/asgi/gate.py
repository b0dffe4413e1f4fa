"""The outermost layer: every answer carries the security headers, and every request sees one snapshot."""

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from connection.networks import names_one_of
from dashboard.asgi.request_filter import STATIC, asked_week, filtered, of_no_such_week
from dashboard.asgi.types import App, Message, Receive, Scope, Send, path_of

if TYPE_CHECKING:
    from dashboard.site import Dashboard

ARGUMENT_LENGTH_MAX = 1_000
OWN_SITES = {"none", "same-origin"}  # of Sec-Fetch-Site
READING = {"GET", "HEAD", "OPTIONS"}
LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}
# No script and no style but our own files.  The one script reads a chart's values from its JSON.
POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    b"content-security-policy": POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=()",
}


class Gate:
    """Around Datasette, for one site."""

    def __init__(self, app: App, site: "Dashboard") -> None:
        self.app = app
        self.site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        send = _with_headers(self._cache_control(scope), send)
        if not self.site.is_public and _is_foreign(scope):
            await _refuse(send, 403, "This explorer can be reached only at its own address, not from other pages.")
        elif _has_long_argument(scope):
            await _refuse(send, 400, f"An argument has more than {ARGUMENT_LENGTH_MAX} characters.")
        elif scope["method"] not in READING:
            await _refuse(send, 405, "This dashboard is read-only.")
        else:
            await self._pass(scope, receive, send)

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self.site.linked.pinned() as snapshot:
            week = asked_week(self.site, scope)
            if week and week not in snapshot.contents.established:
                await self.app(of_no_such_week(scope), receive, send)
                return
            with self.site.linked.until(week):
                await self.app(await filtered(self.site, scope), receive, send)

    def _cache_control(self, scope: Scope) -> bytes | None:
        """None: as it is.  What installations reported privately is cached nowhere."""
        if path_of(scope).startswith(STATIC):
            return b"public, max-age=86400"
        return None if self.site.is_public else b"no-store"


def _is_foreign(scope: Scope) -> bool:
    """Whether another page has made the request: one that a browser shows, or one whose name points at 127.0.0.1."""
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    host = headers.get(b"host", "")
    if not names_one_of(host, LOOPBACK):
        return True
    if headers.get(b"sec-fetch-site", "none") not in OWN_SITES:
        return True
    return b"origin" in headers and headers[b"origin"] != f"http://{host}"


def _has_long_argument(scope: Scope) -> bool:
    """Whether an argument is longer than any name; where it is a number, Python and SQLite fail on it."""
    query: bytes = scope["query_string"]
    if len(query) <= ARGUMENT_LENGTH_MAX:
        return False
    arguments = parse_qsl(query.decode("latin-1"))
    return any(len(value) > ARGUMENT_LENGTH_MAX for key, value in arguments if key != "sql")


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
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    if status == 405:
        headers.append((b"allow", b"GET, HEAD, OPTIONS"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": words.encode() + b"\n"})
