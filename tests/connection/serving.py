"""A server with the limits of the project, in a thread of this process."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from connection.server import bounded_server


@contextmanager
def serving(app: Any) -> Iterator[int]:
    """Run a server in a thread of this process; yield its port."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = bounded_server(app)
    server.config.lifespan = "off"
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()
