"""Too many connections: who was silent longest makes room, and an honest client is served."""

import contextlib
import ipaddress
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from connection import limits
from connection.crowd import Crowd
from simulation.public_database import publish
from tests.dashboard.serving import fetch, server
from tests.memory import memory_of
from tests.receiver.running import Receiver, report

STUCK_BODIES = {
    "a body on /livez": b"GET /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n",
    "a body on a path that is not there": b"POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{",
    "an upload that expects to be asked": (
        b"POST /data HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n"
        b"Content-Length: 1000\r\n\r\n"
    ),
    "an endless header": b"GET /livez HTTP/1.1\r\nX-A: ",
}


class Someone:
    """A connection without a socket."""

    def __init__(self, *, is_answered: bool = False) -> None:
        self.is_answered = is_answered
        self.is_closed = False

    def waits_for_server(self) -> bool:
        return self.is_answered

    def abort(self) -> None:
        self.is_closed = True


def test_who_was_silent_longest_makes_room() -> None:
    """One that is being answered stays, one that was heard of stays; a newcomer is refused only if all are."""
    crowd = Crowd()
    answered, silent, heard = Someone(is_answered=True), Someone(), Someone()
    for one in (answered, silent, heard, *(Someone() for _ in range(limits.CONNECTIONS_MAX - 3))):
        assert crowd.join(one, "127.0.0.1")
    crowd.hear(heard)
    assert crowd.join(Someone(), "127.0.0.1")
    assert (answered.is_closed, silent.is_closed, heard.is_closed) == (False, True, False)
    full = Crowd()
    for _ in range(limits.CONNECTIONS_MAX):
        assert full.join(Someone(is_answered=True), "127.0.0.1")
    assert not full.join(Someone(), "127.0.0.1")


def test_a_network_has_a_bound_of_its_own() -> None:
    """Its own connections make room; those of others, of loopback and of a proxy are not touched."""
    proxy = "192.0.2.1"
    crowd = Crowd([network(proxy)])
    others = [Someone() for _ in range(3)]
    for one, peer in zip(others, ("198.51.100.1", "127.0.0.1", proxy), strict=True):
        crowd.join(one, peer)
    first, *rest = [Someone() for _ in range(limits.NETWORK_CONNECTIONS_MAX + 1)]
    for place, one in enumerate([first, *rest]):
        assert crowd.join(one, f"203.0.113.{place % 250}")
    for _ in range(2 * limits.NETWORK_CONNECTIONS_MAX):
        assert crowd.join(Someone(), proxy)
    assert [one.is_closed for one in others] == [False] * 3
    assert first.is_closed
    assert not any(one.is_closed for one in rest)


def network(address: str) -> ipaddress.IPv4Network:
    return ipaddress.IPv4Network(address)


@contextmanager
def held(port: int, sent: bytes, count: int) -> Iterator[list[socket.socket]]:
    """Hold so many connections, each of which has sent this and then nothing."""
    with ExitStack() as stack:
        lines = []
        for _ in range(count):
            line = stack.enter_context(socket.create_connection(("127.0.0.1", port), 10))
            line.sendall(sent)
            lines.append(line)
        yield lines


@pytest.mark.parametrize("name", STUCK_BODIES)
def test_a_thousand_stuck_connections_keep_no_upload_out(tmp_path: Path, name: str) -> None:
    """Found: with 1,000 bodies that never came on paths without a quota, 39 of 366 honest uploads got through."""
    with Receiver(tmp_path / "data") as receiver:
        with held(receiver.port, STUCK_BODIES[name], limits.CONNECTIONS_MAX):
            statuses = [receiver.post(report(number))[0] for number in range(50)]
            assert statuses == [201] * 50
            with held(receiver.port, STUCK_BODIES[name], limits.CONNECTIONS_MAX // 2):
                assert receiver.post(report(51))[0] == 201
        assert receiver.said() == ""


def test_a_body_that_nobody_needs_is_not_waited_for(tmp_path: Path) -> None:
    """The answer is there already; the connection ends soon after."""
    with Receiver(tmp_path / "data") as receiver, receiver.connect() as line:
        line.sendall(STUCK_BODIES["a body on /livez"])
        started = time.monotonic()
        received = b""
        while more := line.recv(65536):
            received += more
        assert received.startswith(b"HTTP/1.1 200 ")
        assert time.monotonic() - started < 3 * limits.LINGER_SECONDS_MAX + 1


@pytest.mark.parametrize("which", ["public", "explorer"])
def test_an_endless_header_to_the_dashboard_ends_at_its_limit(tmp_path: Path, which: str) -> None:
    """Found: one connection that sent a header without end took 1.5 GB for 1.5 GB, without limit or timeout."""
    publish(tmp_path / "public.db", weeks=3)
    with server(which, tmp_path) as (address, running):
        port = int(address.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), 10) as line:
            line.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ")
            with contextlib.suppress(ConnectionError):
                for _ in range(200):
                    line.sendall(b"a" * 1_000_000)
            with contextlib.suppress(ConnectionError):
                assert line.recv(65536).startswith(b"HTTP/1.1 431 ")
        assert memory_of(running.pid) < 250e6
        assert fetch(address)[0] in (200, 302)


def test_slow_headers_keep_no_reader_from_the_dashboard(tmp_path: Path) -> None:
    """Found: slowloris made every honest request time out and wrote 40 MB of complaints."""
    publish(tmp_path / "public.db", weeks=3)
    with server("public", tmp_path) as (address, running):
        port = int(address.rpartition(":")[2])
        with held(port, b"GET / HTTP/1.1\r\nX-A: ", limits.CONNECTIONS_MAX + 200) as lines:
            for _ in range(20):
                assert fetch(address)[0] == 200
                for line in lines[-100:]:
                    with contextlib.suppress(OSError):
                        line.send(b"a")
        running.terminate()
        assert running.communicate(timeout=20)[0] == ""


def test_a_reader_that_stalls_is_let_go(tmp_path: Path) -> None:
    """Whoever does not read its answer is closed in the same way as one that does not send its request."""
    publish(tmp_path / "public.db", weeks=3)
    with server("public", tmp_path) as (address, _):
        port = int(address.rpartition(":")[2])
        flood = b"GET /public.db HTTP/1.1\r\nHost: x\r\n\r\n" * 20
        with held(port, flood, limits.CONNECTIONS_MAX + 50):
            assert fetch(address)[0] == 200
