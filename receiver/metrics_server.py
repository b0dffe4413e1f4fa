"""`/metrics` on its own listener, on loopback, for whoever asks there by that address."""

import threading
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server
from wsgiref.types import StartResponse, WSGIEnvironment

from prometheus_client import CollectorRegistry, make_wsgi_app
from prometheus_client.exposition import ThreadingWSGIServer

from connection.networks import names_one_of

_NAMES = {"127.0.0.1", "localhost"}


def serve_metrics(registry: CollectorRegistry, port: int) -> None:
    """Serve from a thread that ends with the process.  Raise OSError where the port cannot be used."""
    app = _for_this_machine(make_wsgi_app(registry))
    server = make_server("127.0.0.1", port, app, ThreadingWSGIServer, handler_class=_SilentHandler)
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()


def _for_this_machine(app: Callable[..., Any]) -> Callable[..., Iterable[bytes]]:
    """Refuse what a page elsewhere asks, whose name points at this machine: its Host gives it away."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        host = str(environ.get("HTTP_HOST", ""))
        if not names_one_of(host, _NAMES):
            start_response("403 Forbidden", [("Content-Type", "text/plain; charset=utf-8")])
            return [b"The metrics can be read only at 127.0.0.1 or localhost.\n"]
        pages: Iterable[bytes] = app(environ, start_response)
        return pages

    return answer


class _SilentHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Write nothing."""
