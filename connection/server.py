"""A uvicorn server whose every connection keeps the limits of this room."""

import asyncio
import gc
import resource
import signal
import socket
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, cast

import uvicorn

from connection import limits
from connection.crowd import Crowd
from connection.networks import Network
from connection.protocol import BoundedProtocol

_STOP_SECONDS = 5  # for answers under way; bodies that are still arriving get STOP_SECONDS_MAX before
_OTHER_FILES = 100  # databases, logs, listening sockets


def bounded_server(
    app: Any, proxies: Sequence[Network] = (), count_refused: Callable[[str], None] = lambda _: None
) -> uvicorn.Server:
    """Return a server for an ASGI application; `proxies` may have any number of connections.

    `app` has to answer the refusal in `scope[REFUSAL]`, where there is one, instead of the request.
    """
    _allow_connections()
    protocol = partial(BoundedProtocol, crowd=Crowd(proxies), count_refused=count_refused)
    return uvicorn.Server(
        uvicorn.Config(
            app,
            http=cast("type[asyncio.Protocol]", protocol),
            loop="asyncio",  # whatever else is installed: the tests of durability and speed hold for this one
            ws="none",
            access_log=False,  # no address is ever logged
            proxy_headers=False,
            server_header=False,
            log_level="warning",
            timeout_keep_alive=limits.IDLE_SECONDS_MAX,
            timeout_graceful_shutdown=_STOP_SECONDS,
        )
    )


def run_until_told(server: uvicorn.Server, sockets: list[socket.socket]) -> None:
    """Serve until SIGINT or SIGTERM."""
    for number in (signal.SIGINT, signal.SIGTERM):
        # uvicorn raises a signal again when it has stopped, but what follows must still be done then
        signal.signal(number, lambda *_: setattr(server, "should_exit", True))
    gc.collect()
    gc.freeze()  # what a server starts with stays: the collector stops it no longer than for what came since
    server.run(sockets)


def _allow_connections() -> None:
    """Raise the limit on open files to what the limit on connections needs."""
    wanted = limits.CONNECTIONS_MAX + _OTHER_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard) if hard >= 0 else wanted, hard))
