"""Honest people: one who reads the front page, and installations of many networks that each send one report."""

import contextlib
import http.client
import itertools
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from tests.receiver.running import report

UPLOADS_A_SECOND, PAGES_A_SECOND = 10, 4
PATIENCE_SECONDS = 20.0


@dataclass
class Seen:
    """What honest people saw for a while: seconds from when they wanted something until they had it."""

    uploads: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    acknowledged: dict[int, str] = field(default_factory=dict)  # SHA-256 by seq
    refused: list[str] = field(default_factory=list)

    @property
    def slowest_upload(self) -> float:
        """All but one in a hundred are faster."""
        return sorted(self.uploads)[int(len(self.uploads) * 0.99)]

    @property
    def slow_page(self) -> float:
        """All but one in twenty are faster."""
        return sorted(self.pages)[int(len(self.pages) * 0.95)]


class Honest:
    """Each upload is another installation's, in a network of its own, so that nobody's quota is used up."""

    def __init__(self, receiver_port: int, dashboard_port: int) -> None:
        self._receiver, self._dashboard = receiver_port, dashboard_port
        self._numbers = itertools.count(1)

    @contextlib.contextmanager
    def at_work(self) -> Iterator[Seen]:
        """Upload and read at a steady pace, and wait for the last answer in the end."""
        seen, is_over = Seen(), threading.Event()
        jobs = [(self._upload, UPLOADS_A_SECOND), (self._read, PAGES_A_SECOND)]
        threads = [threading.Thread(target=_steadily, args=(*job, seen, is_over)) for job in jobs]
        for thread in threads:
            thread.start()
        try:
            yield seen
        finally:
            is_over.set()
            for thread in threads:
                thread.join()

    def _upload(self, seen: Seen, wanted_at: float) -> None:
        number = next(self._numbers)
        headers = {
            "Content-Type": "application/json",
            "X-Forwarded-For": f"10.{number // 256 % 256}.{number % 256}.7",
        }
        status, content = ask(self._receiver, "POST", "/data", report(number), headers)
        seen.uploads.append(time.perf_counter() - wanted_at)
        if status == 201:
            receipt = json.loads(content)
            seen.acknowledged[receipt["seq"]] = receipt["sha256"]
        else:
            seen.refused.append(f"upload {number}: {status} {content[:200]!r}")

    def _read(self, seen: Seen, wanted_at: float) -> None:
        status, content = ask(self._dashboard, "GET", "/")
        seen.pages.append(time.perf_counter() - wanted_at)
        if status != 200:
            seen.refused.append(f"front page: {status} {content[:200]!r}")


def _steadily(job: Callable[[Seen, float], None], a_second: int, seen: Seen, is_over: threading.Event) -> None:
    """Do it at its times.  Each job has a thread of its own, so that one that waits does not put off the next."""
    under_way = []
    wanted_at = time.perf_counter()
    while not is_over.wait(max(0.0, wanted_at - time.perf_counter())):
        under_way.append(threading.Thread(target=job, args=(seen, time.perf_counter())))
        under_way[-1].start()
        wanted_at += 1 / a_second
    for thread in under_way:
        thread.join()


def ask(
    port: int, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> tuple[int, bytes]:
    """Return the status, 0 where no answer came, and the answer or why not."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        connection.request(method, path, body, dict(headers or {}))
        response = connection.getresponse()
        return response.status, response.read()
    except (OSError, http.client.HTTPException) as error:
        return 0, repr(error).encode()
    finally:
        connection.close()
