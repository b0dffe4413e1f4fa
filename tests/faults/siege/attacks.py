"""The attackers, all at once in one process: `python -m tests.faults.siege.attacks RECEIVER DASHBOARD EXPLORER`.

Ports are given; they are attacked on 127.0.0.1 until standard input ends, and what was sent is printed as JSON.

The rates are those of one machine with some 100 Mbit/s.  This process shares a core with the honest people.  Real
attackers do not take honest people's processors, so it is nicer than they are.
"""

import asyncio
import contextlib
import gzip
import itertools
import json
import os
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any
from urllib.parse import quote

HEADER_BYTES_A_SECOND = 10_000_000  # of the header without end
STUCK, STUCK_A_SECOND = 1_000, 300  # connections with a body that never comes, and new ones for those that are closed
SLOW, SLOW_A_SECOND = 1_000, 150  # connections with a header that trickles
NAMES_NETWORKS, NAMES_REPORTS, NAMES_A_SECOND = 4, 120, 20  # a minute; 120 in all, 6,000 new names in each
GZIP_NETWORKS, GZIP_REPORTS, GZIP_A_SECOND = 16, 880, 150  # a minute; 576 kB that are 222 MB, in six seconds
GREEDY_AT_ONCE = 4  # requests to the explorer, each as soon as the last is answered
CACHE_AT_ONCE, CACHE_A_SECOND = 8, 60  # requests to the dashboard
NAMES = 6_000
NICENESS = 5
MINUTE = 60.0
GREEDY = [
    "with recursive c(n, b) as (select 1, zeroblob(900000) union all select n + 1, zeroblob(900000) from c)"
    " select count(*), max(length(b)) from c",
    "with recursive c(n) as (select 1 union all select n + 1 from c where n < 5000000)"
    " select length(group_concat(n || hex(zeroblob(1000)))) from c",
    "select length(hex(zeroblob(200000000)))",
    "with recursive c(n) as (select 1 union all select n + 1 from c where n < 9000) select n, zeroblob(900000) from c",
    "with recursive c(n) as (select 1 union all select n + 1 from c where n < 3000000)"
    " select n, hex(randomblob(200)) as x from c order by x",
]
PAGES = ["/", "/public", "/public/plugin_ranking", "/plugin/katello", "/public/weekly_plugins", "/quality"]

sent: Counter[str] = Counter()


class Pace:
    """So many a second, never more at once than that is late."""

    def __init__(self, a_second: float) -> None:
        self._seconds, self._next = 1 / a_second, 0.0

    async def wait(self) -> None:
        now = time.monotonic()
        self._next = max(self._next + self._seconds, now)
        await asyncio.sleep(self._next - now)


@contextlib.asynccontextmanager
async def connected(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Open a connection.  Raise OSError."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()


async def ask(port: int, request: bytes, name: str) -> None:
    """Send a request, read its answer, and count it by its status."""
    status = "none"
    with contextlib.suppress(OSError):
        async with connected(port) as (reader, writer):
            writer.write(request)
            status = (await reader.read(65536))[9:12].decode() or status
            while await reader.read(1 << 20):
                pass
    sent[f"{name} {status}"] += 1


async def keep_up(count: int, one: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run so many of `one` side by side, each again and again; that a connection breaks is what attackers expect."""

    async def again() -> None:
        while True:
            with contextlib.suppress(OSError):
                await one()

    await asyncio.gather(*(again() for _ in range(count)))


async def endless_header(port: int) -> None:
    piece, pace = b"a" * 100_000, Pace(HEADER_BYTES_A_SECOND / 100_000)

    async def send_on() -> None:
        await pace.wait()
        async with connected(port) as (_, writer):
            writer.write(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ")
            while not writer.is_closing():
                await pace.wait()
                writer.write(piece)
                await writer.drain()
                sent["endless header, 100 kB"] += 1

    await keep_up(1, send_on)


async def stuck_bodies(port: int) -> None:
    requests = itertools.cycle([b"GET /livez HTTP/1.1\r\n", b"POST /nothing HTTP/1.1\r\n"])
    pace = Pace(STUCK_A_SECOND)

    async def hold() -> None:
        await pace.wait()
        async with connected(port) as (reader, writer):
            writer.write(next(requests) + b"Host: x\r\nContent-Length: 1000\r\n\r\n")
            sent["stuck body"] += 1
            while await reader.read(65536):
                pass

    await keep_up(STUCK, hold)


async def slow_headers(port: int) -> None:
    pace = Pace(SLOW_A_SECOND)

    async def trickle() -> None:
        await pace.wait()
        async with connected(port) as (reader, writer):
            writer.write(b"GET / HTTP/1.1\r\nX-A: ")
            sent["slow header"] += 1
            while not reader.at_eof() and not writer.is_closing():
                writer.write(b"a")
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(reader.read(65536), 1.0)

    await keep_up(SLOW, trickle)


async def flood_of_names(port: int) -> None:
    """Reports of 220 kB, each with names that nobody has reported before."""
    names = [{"name": f"pREPORTx{number:05}", "version": "1"} for number in range(NAMES)]
    report = {"uuid": "flood-of-names-REPORT", "core_version": "3.12.0", "plugins": names}
    body = json.dumps(report, separators=(",", ":"))
    reports = (body.replace("REPORT", f"{number:06}").encode() for number in itertools.count())
    await flood(port, reports, "names", (NAMES_NETWORKS, NAMES_REPORTS, NAMES_A_SECOND), "203.0.113")


async def inflating_reports(port: int) -> None:
    """Reports of 252 kB that take 650 bytes on the wire."""
    plain = {"core_version": "3.12.0", "padding": ["a" * 1000] * 251}
    reports = (
        gzip.compress(json.dumps({"uuid": f"inflating-report-{number:09}", **plain}).encode())
        for number in itertools.count()
    )
    await flood(port, reports, "gzip", (GZIP_NETWORKS, GZIP_REPORTS, GZIP_A_SECOND), "198.51.100")


async def flood(port: int, reports: Any, name: str, how: tuple[int, int, int], network: str) -> None:
    """Post, each minute, so many reports from so many networks, so fast."""
    networks, reports_a_minute, a_second = how
    first, middle, _ = network.split(".")
    pace = Pace(a_second)
    coding = "Content-Encoding: gzip\r\n" if name == "gzip" else ""
    while True:
        began = time.monotonic()
        posts = set()
        for number in range(reports_a_minute):
            body = next(reports)
            client = f"{first}.{middle}.{number % networks}.1"
            head = (
                f"POST /data HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-Forwarded-For: {client}\r\n"
                f"{coding}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
            )
            await pace.wait()
            posts.add(task := asyncio.create_task(ask(port, head.encode() + body, name)))
            task.add_done_callback(posts.discard)
        await asyncio.sleep(max(0.0, began + MINUTE - time.monotonic()))


async def greedy_sql(port: int) -> None:
    queries = itertools.cycle(GREEDY)

    async def one() -> None:
        path = f"/views.json?sql={quote(next(queries))}"
        await ask(port, f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode(), "sql")
        await asyncio.sleep(0.01)

    await keep_up(GREEDY_AT_ONCE, one)


async def many_addresses(port: int) -> None:
    """Pages under hosts of 10 to 30 kB and under short ones, and with arguments that nobody has given before."""
    pace = Pace(CACHE_A_SECOND)
    numbers = itertools.count()

    async def one() -> None:
        await pace.wait()
        number = next(numbers)
        page = PAGES[number // 4 % len(PAGES)]
        long, short = f"{number:09}" + "h" * (10_000 + 4_000 * (number % 6)), f"h{number}.example"
        host = long if number % 4 == 0 else short if number % 4 == 1 else "127.0.0.1"
        known = f"?week=2026-01-{number}&plugin=p{number}&q={number}&_size={number % 900 + 1}"
        query = ["", "", f"?x={number}", known][number % 4]
        request = f"GET {page}{query} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        await ask(port, request.encode(), "page")

    await keep_up(CACHE_AT_ONCE, one)


async def besiege(receiver: int, dashboard: int, explorer: int) -> None:
    """Attack until standard input ends.  Raise what an attack raises."""
    told = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
    attacks = [
        endless_header(dashboard), slow_headers(dashboard), many_addresses(dashboard), stuck_bodies(receiver),
        flood_of_names(receiver), inflating_reports(receiver), greedy_sql(explorer),
    ]  # fmt: skip
    done, _ = await asyncio.wait(
        [told, *(asyncio.create_task(attack) for attack in attacks)], return_when=asyncio.FIRST_COMPLETED
    )
    for task in done:
        task.result()
    print(json.dumps(sent), flush=True)
    os._exit(0)  # nobody waits for thousands of connections to end in good order


def be_nice() -> None:
    """Within the session, and between sessions where the kernel groups by them (sched(7))."""
    os.nice(NICENESS)
    with contextlib.suppress(FileNotFoundError):
        Path("/proc/self/autogroup").write_text(str(NICENESS))


if __name__ == "__main__":
    be_nice()
    asyncio.run(besiege(*map(int, sys.argv[1:])))
