"""Posts reports to a receiver: a few threads, each with a connection that it keeps open."""

import http.client
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from queue import Queue
from threading import Lock, Thread
from urllib.parse import urlsplit

SENDERS = 8  # enough that the receiver can commit a group at once
WAITING_MAX = 1_000
TIMEOUT_SECONDS = 60
NO_ANSWER = 0


class PostError(Exception):
    """The receiver cannot be posted to; the message says which and why."""


@dataclass(frozen=True)
class Target:
    """Where to post: an http or https URL taken apart."""

    scheme: str
    host: str
    port: int | None
    path: str

    @classmethod
    def from_url(cls, url: str) -> "Target":
        """Raise PostError where the URL is none to post to."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            parts, port = urlsplit(""), None
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise PostError(f"{url!r}: give the receiver's address, such as http://127.0.0.1:8000/data")
        return cls(parts.scheme, parts.hostname, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))

    def connect(self) -> http.client.HTTPConnection:
        kind = http.client.HTTPSConnection if self.scheme == "https" else http.client.HTTPConnection
        return kind(self.host, self.port, timeout=TIMEOUT_SECONDS)


class Poster:
    """Posts what `post` is given, at most `per_second` of them a second, or flat out where that is None.

    `answers` counts the answers by status; `NO_ANSWER` stands for connections that broke twice.
    """

    def __init__(
        self,
        target: Target,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        per_second: float | None = None,
    ) -> None:
        """Raise PostError where nobody listens."""
        self.answers: Counter[int] = Counter()
        self._target, self._clock, self._sleep, self._per_second = target, clock, sleep, per_second
        self._posted, self._began = 0, clock()
        self._lock = Lock()
        self._waiting: Queue[bytes | None] = Queue(WAITING_MAX)
        connection = target.connect()
        try:
            connection.connect()
        except OSError as error:
            raise PostError(f"{target.host}:{target.port or target.scheme}: {error.strerror or error}") from None
        connection.close()
        self._threads = [Thread(target=self._send_all, daemon=True) for _ in range(SENDERS)]
        for thread in self._threads:
            thread.start()

    def post(self, body: bytes) -> None:
        """Hand over one report; waits while it is too early or too many are waiting."""
        if self._per_second:
            early = self._began + self._posted / self._per_second - self._clock()
            if early > 0:
                self._sleep(early)
        self._posted += 1
        self._waiting.put(body)

    def finish(self) -> Counter[int]:
        """Wait until all have been answered, and return the count of answers by status."""
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join()
        return self.answers

    def _send_all(self) -> None:
        connection = self._target.connect()
        while (body := self._waiting.get()) is not None:
            status = self._send(connection, body)
            with self._lock:
                self.answers[status] += 1
        connection.close()

    def _send(self, connection: http.client.HTTPConnection, body: bytes) -> int:
        """Return the status of the answer; a connection that the other side closed meanwhile is opened once more."""
        for _ in range(2):
            try:
                connection.request("POST", self._target.path, body, {"Content-Type": "application/json"})
                answer = connection.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException):
                connection.close()
            else:
                return answer.status
        return NO_ANSWER
