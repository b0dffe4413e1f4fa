"""Clients that send uploads without pause, each on its own thread, and remember what was acknowledged."""

import contextlib
import http.client
import json
import threading
from collections.abc import Iterator

from tests.receiver.running import report


class Clients:
    """`acknowledged` maps seq to SHA-256, as the receiver answered; `refused` counts other answers by status."""

    def __init__(self, port: int, count: int, *, pause_seconds: float = 0.0) -> None:
        self._port = port
        self._pause = pause_seconds
        self._is_stopping = threading.Event()
        self._lock = threading.Lock()
        self.acknowledged: dict[int, str] = {}
        self.repeated: list[int] = []
        self.refused: dict[int, int] = {}
        self.refused_connections = 0
        self.broken_connections = 0
        self._threads = [threading.Thread(target=self._send_on, args=(number,)) for number in range(count)]

    def stop(self) -> None:
        """Send nothing more; call it when nobody will answer."""
        self._is_stopping.set()

    @contextlib.contextmanager
    def at_work(self) -> Iterator["Clients"]:
        for thread in self._threads:
            thread.start()
        try:
            yield self
        finally:
            self.stop()
            for thread in self._threads:
                thread.join()

    def _send_on(self, number: int) -> None:
        connection: http.client.HTTPConnection | None = None
        sent = 0
        while not self._is_stopping.is_set():
            sent += 1
            connection = connection or http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)
            try:
                connection.request(
                    "POST", "/data", report(number * 1_000_000 + sent), {"Content-Type": "application/json"}
                )
                response = connection.getresponse()
                answer = json.loads(response.read())
                if response.will_close:
                    connection = None
            except ConnectionRefusedError:
                self.refused_connections += 1
                connection = None
                self._is_stopping.wait(0.01)
                continue
            except (OSError, http.client.HTTPException, ValueError):
                self.broken_connections += 1  # stopped or killed while this was under way
                if connection:
                    connection.close()
                connection = None
                continue
            self._remember(response.status, answer)
            self._is_stopping.wait(self._pause)
        if connection:
            connection.close()

    def _remember(self, status: int, answer: dict[str, str]) -> None:
        with self._lock:
            if status != 201:
                self.refused[status] = self.refused.get(status, 0) + 1
                return
            seq = int(answer["seq"])
            if seq in self.acknowledged:
                self.repeated.append(seq)
            self.acknowledged[seq] = answer["sha256"]
