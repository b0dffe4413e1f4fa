"""Ports for the servers that tests start."""

import os
import socket
from collections.abc import Iterator
from itertools import cycle

_FIRST, _PER_WORKER = 10_000, 2_000  # below the range from which the kernel gives ports to outgoing connections


def free_ports(count: int) -> list[int]:
    """Return ports that nothing listens on now, and that no other worker of this test run is given."""
    found: list[int] = []
    while len(found) < count:
        port = next(_PORTS)
        with socket.socket() as each:
            each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                each.bind(("127.0.0.1", port))
            except OSError:
                continue
        found.append(port)
    return found


def _ports_of_this_worker() -> Iterator[int]:
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    first = _FIRST + _PER_WORKER * (worker % 10)
    offset = os.getpid() % _PER_WORKER  # so that two runs on one machine seldom meet
    yield from cycle([*range(first + offset, first + _PER_WORKER), *range(first, first + offset)])


_PORTS = _ports_of_this_worker()
