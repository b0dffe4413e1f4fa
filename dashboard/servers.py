"""The two servers: the public dashboard, and the maintainers' explorer, which never leaves this machine."""

import ctypes
import resource
from collections.abc import Sequence
from typing import Any

from datasette.plugins import pm  # type: ignore[import-untyped]  # Datasette ships no types

from connection.networks import Network
from connection.problems import PROBLEM_TYPE, headers_of, problem_of
from connection.protocol import REFUSAL
from connection.server import bounded_server, run_until_told
from connection.sockets import listening_sockets
from dashboard import hooks
from dashboard.asgi.types import App, Receive, Scope, Send
from dashboard.asgi.unfinished import cut_off_unfinished
from dashboard.site import Dashboard
from settings import Settings

LOOPBACK = "127.0.0.1"
_M_ARENA_MAX = -8  # mallopt(3)
MEMORY_BYTES_MAX = 300 << 20  # of the explorer, which runs SQL of one's own

if not pm.is_registered(hooks):
    pm.register(hooks)

if pm.has_plugin("datasette.handle_exception"):
    pm.unregister(name="datasette.handle_exception")  # it prints what was asked, with a traceback


def public_app(settings: Settings) -> Dashboard:
    return Dashboard("public", settings.public, settings.exports, is_public=True)


def explorer_app(settings: Settings) -> Dashboard:
    return Dashboard("views", settings.views, settings.exports, is_public=False)


def bound_memory() -> None:
    """Let this process fail to get more memory, rather than the whole machine run out of it.

    Each thread would keep what it has freed in an arena of its own (glibc), and the next would find none left.
    """
    if hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(_M_ARENA_MAX, 1)
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES_MAX, hard))


def serve(site: Dashboard, host: str, port: int, variable: str, proxies: Sequence[Network] = ()) -> None:
    """Until SIGTERM or SIGINT.  Raise CannotListenError, which names `variable`, the setting of the port."""
    server = bounded_server(_refusing(cut_off_unfinished(site.app())), proxies)
    run_until_told(server, listening_sockets(host, port, variable))


def _refusing(app: App) -> App:
    """Answer what the connection refuses; it never reaches Datasette."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        refusal: Any = scope.get(REFUSAL)
        if refusal is None:
            await app(scope, receive, send)
            return
        problem = problem_of(refusal)
        headers = {"Content-Type": PROBLEM_TYPE, "Content-Length": str(len(problem)), **headers_of(refusal)}
        raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": refusal.status, "headers": raw})
        await send({"type": "http.response.body", "body": problem})

    return answer
