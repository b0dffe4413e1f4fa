"""Clients that only hold connections, trickle or never read do not keep an honest client out."""

import socket
import sqlite3
import threading
import time
from contextlib import ExitStack, closing, suppress
from pathlib import Path

from connection import limits
from tests.campaign import length, tell
from tests.faults.clients import Clients
from tests.faults.kept import kept
from tests.receiver.running import POST_HEAD, Receiver, report


def is_closed(line: socket.socket) -> bool:
    """Read what has come; say whether the connection has ended."""
    line.settimeout(0.01)
    try:
        while line.recv(65536):
            pass
    except TimeoutError:
        return False
    except ConnectionError:
        pass
    return True


def honest_latency(receiver: Receiver, seconds: float) -> float:
    """Return the slowest but one in a hundred of an honest client's uploads."""
    times = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        started = time.perf_counter()
        assert receiver.post(report(1))[0] == 201
        times.append(time.perf_counter() - started)
    return sorted(times)[int(len(times) * 0.99)]


def trickle(lines: list[socket.socket], stop: threading.Event) -> None:
    while not stop.wait(1.0):
        for line in lines:
            try:
                line.send(b"a")
            except OSError:
                continue


def test_silent_and_trickling_clients_are_let_go(tmp_path: Path) -> None:
    """Headers have 10 seconds and bodies 30 (2 and 4 in the short form); an honest client hardly notices."""
    count = length(150, 500)
    header, body = length(2, limits.HEADER_SECONDS_MAX), length(4, limits.BODY_SECONDS_MAX)
    bounds = {"HEADER_SECONDS_MAX": str(header), "BODY_SECONDS_MAX": str(body)}
    module = ("tests.faults.small_bounds",)
    with Receiver(tmp_path / "data", module=module, environment=bounds) as receiver, ExitStack() as stack:
        alone = honest_latency(receiver, 1.0)
        silent = [stack.enter_context(receiver.connect()) for _ in range(count)]
        headers = [stack.enter_context(receiver.connect()) for _ in range(50)]
        bodies = [stack.enter_context(receiver.connect()) for _ in range(50)]
        for line in headers:
            line.sendall(b"POST /data HTTP/1.1\r\nX-A: ")
        for line in bodies:
            line.sendall(POST_HEAD + b"Content-Length: 1000\r\n\r\n{")
        unread = stack.enter_context(receiver.connect())
        started = time.monotonic()
        stop = threading.Event()
        thread = threading.Thread(target=trickle, args=([*headers, *bodies], stop))
        thread.start()
        flood = b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 500
        unread.settimeout(0.2)
        with suppress(TimeoutError):
            unread.sendall(flood)
        crowded = honest_latency(receiver, 2.0)
        time.sleep(max(0.0, started + header + 3 - time.monotonic()))
        left = sum(not is_closed(line) for line in [*silent, *headers])
        time.sleep(max(0.0, started + body + 4 - time.monotonic()))
        left_bodies = sum(not is_closed(line) for line in bodies)
        stop.set()
        thread.join()
        tell(silent=count, alone_ms=round(alone * 1e3, 1), crowded_ms=round(crowded * 1e3, 1), left=left + left_bodies)
        assert left == left_bodies == 0
        assert crowded < max(0.1, 10 * alone)
        assert receiver.said() == ""


def test_a_crowd_beyond_the_bound_makes_room_for_an_honest_client(tmp_path: Path) -> None:
    """The connection that has waited longest for its header goes first."""
    with Receiver(tmp_path / "data") as receiver, ExitStack() as stack:
        for _ in range(limits.CONNECTIONS_MAX + 50):
            stack.enter_context(receiver.connect())
        assert receiver.post(report())[0] == 201


def test_a_reader_that_never_ends_does_not_make_the_wal_grow_without_bound(tmp_path: Path) -> None:
    """At the bound uploads are refused with 503 and `/readyz` says why; when the reader ends they go on."""
    data = tmp_path / "data"
    bound = 8_000_000
    environment = {"WAL_BYTES_MAX": str(bound)}
    with Receiver(data, module=("tests.faults.small_bounds",), environment=environment) as receiver:
        receiver.post(report())
        with closing(sqlite3.connect(f"{(data / 'log.db').as_uri()}?mode=ro", uri=True)) as reader:
            reader.execute("begin")
            reader.execute("select count(*) from uploads").fetchone()
            clients = Clients(receiver.port, 8)
            with clients.at_work():
                end = time.monotonic() + 20
                while 503 not in clients.refused and time.monotonic() < end:
                    time.sleep(0.05)
                time.sleep(0.3)
            largest = receiver.metrics()["popcon_wal_bytes"]
            assert receiver.get("/readyz")[0] == 503
        assert receiver.get("/readyz")[0] in (200, 503)
        time.sleep(0.2)
        assert receiver.get("/readyz")[0] == 200, "asking is enough to get over it"
        assert receiver.post(report())[0] == 201
        tell(bound=bound, largest_wal=int(largest), acknowledged=len(clients.acknowledged))
        assert clients.refused.keys() == {503}
        assert bound <= largest < 2 * bound
        assert len(kept(data)) >= len(clients.acknowledged)
