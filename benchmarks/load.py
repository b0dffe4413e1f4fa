"""A load generator on raw sockets: one thread, one epoll, requests built beforehand.

A request and its answer cost it about 40 microseconds of processor time (measured with each run), so that it is not
what limits a receiver; it answers for its own share by `cpu_share`.
"""

import heapq
import selectors
import socket
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

_END_OF_HEAD = b"\r\n\r\n"


@dataclass
class Load:
    """What a run saw.  Times in seconds."""

    seconds: float
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    cpu_share: float = 0.0  # of one core

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


def request(body: bytes, path: str = "/data", headers: str = "") -> bytes:
    """Return the bytes of a POST."""
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{headers}"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


class Connections:
    """Sockets to one receiver, each with at most one request under way."""

    def __init__(self, address: tuple[str, int], count: int) -> None:
        self._selector = selectors.DefaultSelector()
        self.free: deque[socket.socket] = deque()
        self._received: dict[socket.socket, bytes] = {}
        self._due: dict[socket.socket, float] = {}
        for _ in range(count):
            each = socket.create_connection(address)
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._selector.register(each, selectors.EVENT_READ)
            self.free.append(each)

    def send(self, content: bytes, due: float) -> None:
        """Send on a free socket; the latency counts from `due`."""
        each = self.free.popleft()
        self._received[each], self._due[each] = b"", due
        each.sendall(content)

    def wait(self, timeout_seconds: float, load: Load) -> None:
        """Take in what answers there are."""
        for key, _ in self._selector.select(max(0.0, timeout_seconds)):
            each: socket.socket = key.fileobj  # type: ignore[assignment]
            content = self._received[each] + each.recv(65536)
            self._received[each] = content
            if _is_whole(content):
                load.latencies.append(time.perf_counter() - self._due[each])
                load.statuses[content[9:12].decode()] += 1
                self.free.append(each)

    def close(self) -> None:
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]
        self._selector.close()


def saturate(address: tuple[str, int], requests: Sequence[bytes], connections: int, seconds: float) -> Load:
    """Keep every connection busy for `seconds`."""
    load, lines, sent = Load(seconds), Connections(address, connections), 0
    cpu, end = time.process_time(), time.perf_counter() + seconds
    while (now := time.perf_counter()) < end:
        while lines.free:
            lines.send(requests[sent % len(requests)], now)
            sent += 1
        lines.wait(end - now, load)
    load.cpu_share = (time.process_time() - cpu) / seconds
    lines.close()
    return load


def pace(
    address: tuple[str, int], requests: Sequence[bytes], connections: int, seconds: float, per_second: float
) -> Load:
    """Send at a steady rate; a request that must wait for a connection has waited from the moment it was due."""
    load, lines, sent = Load(seconds), Connections(address, connections), 0
    waiting: list[float] = []
    start = time.perf_counter()
    cpu = time.process_time()
    while (now := time.perf_counter()) < start + seconds:
        while (due := start + (sent + len(waiting)) / per_second) <= now:
            heapq.heappush(waiting, due)
        while waiting and lines.free:
            lines.send(requests[sent % len(requests)], heapq.heappop(waiting))
            sent += 1
        lines.wait(due - now, load)
    load.cpu_share = (time.process_time() - cpu) / seconds
    lines.close()
    return load


def _is_whole(content: bytes) -> bool:
    head, end, body = content.partition(_END_OF_HEAD)
    if not end:
        return False
    _, found, rest = head.lower().partition(b"content-length:")
    return len(body) >= (int(rest.split(b"\r\n", 1)[0]) if found else 0)
