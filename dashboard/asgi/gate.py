"""The outermost layer: every answer carries the security headers, and every request sees one snapshot."""

from typing import TYPE_CHECKING

from dashboard.asgi.request_filter import STATIC, filtered
from dashboard.asgi.types import App, Message, Receive, Scope, Send, path_of

if TYPE_CHECKING:
    from dashboard.site import Dashboard

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
        if not self.site.is_public and not _is_loopback(scope):
            await _refuse(send, 403, "This explorer can be reached only at its own address.")
        elif scope["method"] not in READING:
            await _refuse(send, 405, "This dashboard is read-only.")
        else:
            with self.site.linked.pinned():
                await self.app(await filtered(self.site, scope), receive, send)

    def _cache_control(self, scope: Scope) -> bytes | None:
        """None: as it is.  What installations reported privately is cached nowhere."""
        if path_of(scope).startswith(STATIC):
            return b"public, max-age=86400"
        return None if self.site.is_public else b"no-store"


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
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    if status == 405:
        headers.append((b"allow", b"GET, HEAD, OPTIONS"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": words.encode() + b"\n"})
