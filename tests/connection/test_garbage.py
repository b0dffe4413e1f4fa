"""The garbage collector stops a server for as long as it takes: connections must not need it."""

import asyncio
import gc
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from connection import limits, transport
from connection.protocol import BoundedProtocol
from tests.connection.serving import serving

REQUESTS = {
    "a whole request": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "a body that never comes": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n",
    "half a header": b"GET / HTTP/1.1\r\nHost: ",
    "many at once": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 5,
    "no HTTP": b"\x00" * 10,
}


async def answer(_: Any, __: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await asyncio.sleep(0)
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture
def port() -> Iterator[int]:
    with serving(answer) as found:
        yield found


@pytest.mark.parametrize("name", REQUESTS)
def test_a_lost_connection_leaves_nothing_for_the_garbage_collector(port: int, name: str) -> None:
    """Found: 300 connections a second left so much that each upload in a hundred waited for a quarter of a second."""
    gc.collect()
    of_other_tests = connections()
    gc.disable()
    try:
        for _ in range(20):
            with socket.create_connection(("127.0.0.1", port)) as line:
                line.sendall(REQUESTS[name])
                line.settimeout(0.05)
                try:
                    line.recv(65536)
                except TimeoutError:
                    continue
        deadline = time.monotonic() + 2 * limits.IDLE_SECONDS_MAX  # whose timer may still hold one
        while (left := connections() - of_other_tests) > 0 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert left <= 0
    finally:
        gc.enable()


def test_a_reader_who_was_slow_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Found: 30 seconds after it had read its answer, a traceback was on standard error."""
    monkeypatch.setattr(transport, "ANSWER_SECONDS_MAX", 1)
    troubles: list[Any] = []

    async def long_answer(_: Any, __: Any, send: Any) -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, trouble: troubles.append(trouble))
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"6000000")]})
        await send({"type": "http.response.body", "body": bytes(6_000_000)})

    with serving(long_answer) as port, socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.connect(("127.0.0.1", port))
        line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        time.sleep(0.2)
        while line.recv(1 << 20):
            pass
        time.sleep(1.2)
    assert troubles == []


def connections() -> int:
    """Return how many protocols and transports are held: asyncio's own transports hold themselves (found later)."""
    kinds = (BoundedProtocol, asyncio.Transport)
    return sum(isinstance(each, kinds) for each in gc.get_objects())
