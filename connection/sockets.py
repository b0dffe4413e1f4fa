"""The sockets to listen on: passed by systemd, so that no connection is refused during a restart, or our own."""

import errno
import os
import socket
from collections.abc import MutableMapping

_FIRST_PASSED = 3  # sd_listen_fds(3)
_BACKLOG = 2048


class CannotListenError(RuntimeError):
    """The address cannot be used; the message says which and why."""


def listening_sockets(
    host: str, port: int, variable: str, environment: MutableMapping[str, str] = os.environ
) -> list[socket.socket]:
    """Return the sockets that LISTEN_FDS passes, or a new one on `host` and `port`.  Raise CannotListenError.

    `variable` is the setting that the port comes from.

    `socket.socket(fileno=…)` asks the kernel for the protocol; asyncio sets TCP_NODELAY only where it knows that it
    is TCP, and `uvicorn --fd` does not say so (44 ms a request instead of 0.5).
    """
    is_ours = environment.get("LISTEN_PID") == str(os.getpid())
    count = int(environment.get("LISTEN_FDS", "0")) if is_ours else 0
    for name in ("LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"):
        environment.pop(name, None)
    if count:
        passed = [socket.socket(fileno=_FIRST_PASSED + place) for place in range(count)]
        for each in passed:
            each.set_inheritable(False)
            each.setblocking(False)
        return passed
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return [socket.create_server((host, port), family=family, backlog=_BACKLOG)]
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            raise CannotListenError(
                f"cannot listen on {host}: this machine does not have that address. Correct POPCON_HOST."
            ) from None
        raise CannotListenError(
            f"cannot listen on {host}, port {port}: {os.strerror(error.errno or 0)}. Give another with {variable}=…"
        ) from None
