"""A web server on loopback that says what a test tells it to say, and remembers what it was asked."""

import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Reply:
    """One answer; `content` is sent as JSON unless it is bytes already."""

    status: int = 200
    content: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    after_seconds: float = 0
    is_endless: bool = False  # goes on for ever, a byte at a time
    is_cut_off: bool = False  # says more than it sends

    @property
    def body(self) -> bytes:
        return self.content if isinstance(self.content, bytes) else json.dumps(self.content).encode()


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]  # names in lower case
    body: bytes


Answering = Callable[[Asked], Reply]


@dataclass
class StandIn:
    """A server that runs; `asked` grows with every request."""

    url: str
    answer: Answering
    asked: list[Asked] = field(default_factory=list)
    wrap: Callable[[ssl.SSLContext], None] = field(default=lambda _: None)  # speak TLS from now on

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64
    stand_in: StandIn

    def wrap(self, context: ssl.SSLContext) -> None:
        self.socket = context.wrap_socket(self.socket, server_side=True)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that do not trust the certificate: that is what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 30

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        asked = Asked(
            self.command,
            parts.path if self.command != "CONNECT" else self.path,
            {key: values[-1] for key, values in parse_qs(parts.query).items()},
            {key.lower(): value for key, value in self.headers.items()},
            self.rfile.read(int(self.headers.get("Content-Length", 0))),
        )
        self.server.stand_in.asked.append(asked)
        with suppress(BrokenPipeError, ConnectionResetError):  # giving up is what some tests are about
            self._send(self.server.stand_in.answer(asked))

    def _send(self, reply: Reply) -> None:
        time.sleep(reply.after_seconds)
        self.send_response(reply.status)
        for name, value in {"Content-Type": "application/json; charset=utf-8", **reply.headers}.items():
            self.send_header(name, value)
        if not reply.is_endless:
            self.send_header("Content-Length", str(len(reply.body) + (100 if reply.is_cut_off else 0)))
        self.end_headers()
        self.wfile.write(reply.body)
        while reply.is_endless:
            self.wfile.write(b" ")
            self.wfile.flush()
            time.sleep(0.05)

    do_GET = do_POST = do_DELETE = do_CONNECT = _serve  # noqa: N815 - the parent's names

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the output of a test run is for its results."""


@contextmanager
def serving(answer: Answering) -> Iterator[StandIn]:
    """Serve on a free port of loopback until the block ends."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.stand_in = StandIn(f"http://127.0.0.1:{server.server_port}", answer, wrap=server.wrap)
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02), daemon=True)
    thread.start()
    try:
        yield server.stand_in
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
