"""The writing side of a connection: an answer in one segment, and an end that lets the client read it."""

import asyncio
from collections.abc import Callable
from typing import Any

from connection.limits import ANSWER_SECONDS_MAX, BODY_BYTES_MAX, LINGER_SECONDS_MAX

_HEAD, _CONTINUE = b"HTTP/1.1 ", b"HTTP/1.1 100 "


class OneSegmentTransport:
    """Replaces the transport that uvicorn writes to.

    uvicorn writes head and body of an answer in two calls; sent together they cost one system call and no wait for an
    acknowledgement.  And a connection that is closed while the client is still sending is reset by the kernel, and the
    answer is lost: so the writing side is closed first, and further input is dropped for LINGER_SECONDS_MAX.
    """

    def __init__(self, transport: asyncio.Transport, may_be_sending: Callable[[], bool]) -> None:
        """`may_be_sending` returns whether the client may still be sending its request."""
        self._transport = transport
        self._may_be_sending = may_be_sending
        self._head = b""
        self._is_closing = self._is_lost = False
        self._dropped_bytes = 0
        self._closing_timer: asyncio.TimerHandle | None = None

    def write(self, content: bytes) -> None:
        if not self._head and content.startswith(_HEAD) and not content.startswith(_CONTINUE):
            self._head = content
            return
        content = self._head + content
        self._head = b""
        if content and not self._is_closing:
            self._transport.write(content)

    def close(self) -> None:
        if self._is_closing:
            return
        self.write(b"")
        self._is_closing = True
        if self._may_be_sending() and not self._transport.is_closing():
            try:
                self._transport.write_eof()
            except OSError:  # the client was gone, which only the answer has revealed
                self._transport.abort()
                return
            self._transport.resume_reading()
            self._closing_timer = asyncio.get_running_loop().call_later(LINGER_SECONDS_MAX, self._transport.close)
        else:
            self._transport.close()
            if self._transport.get_write_buffer_size():
                self._closing_timer = asyncio.get_running_loop().call_later(ANSWER_SECONDS_MAX, self._transport.abort)

    def drop(self, content: bytes) -> None:
        """Ignore what a refused client still sends; end the connection when that is too much."""
        self._dropped_bytes += len(content)
        if self._dropped_bytes > 4 * BODY_BYTES_MAX:
            self._transport.abort()

    def end(self) -> None:
        """Take notice that the connection is lost, and let go of all that holds it."""
        self._may_be_sending = _never
        self._is_lost = True
        if self._closing_timer:
            self._closing_timer.cancel()
        self._transport._read_ready_cb = None  # type: ignore[attr-defined]  # noqa: SLF001 - a method of asyncio's own

    def abort(self) -> None:
        if not self._is_lost:  # asyncio's own cannot be aborted any more
            self._transport.abort()

    def is_closing(self) -> bool:
        return self._is_closing or self._transport.is_closing()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


def _never() -> bool:
    return False
