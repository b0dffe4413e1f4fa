"""uvicorn's protocol with deadlines, and with checks for what the HTTP parser accepts: that of every server here.

httptools accepts a header of any length and a missing or second Host, and drops the body after `Upgrade`; uvicorn waits
forever for a header, a body or a reader, and takes any number of connections.  What is refused here is answered by the
application, in order, so that no request ever gets two answers; only a request whose header never ended is answered
from here.
"""

import asyncio
from collections.abc import Callable
from typing import Any, cast

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from connection import limits
from connection.crowd import Crowd
from connection.headers import fault_of_header, header_too_large
from connection.problems import raw_refusal
from connection.refusals import Busy, NotHttp, Refusal, TooLarge, TooSlow
from connection.transport import OneSegmentTransport

REFUSAL = "popcon.refusal"  # key of the scope: the Refusal of a request, for the application to answer with
ABORT = "popcon.abort"  # key of the scope: a function that closes the connection at once
_WIRE_BYTES_MAX = 2 * limits.BODY_BYTES_MAX  # of a body with its chunk sizes


class BoundedProtocol(HttpToolsProtocol):
    """One connection.  A header, a body or neither is arriving; a timer limits how long."""

    def __init__(self, *arguments: Any, crowd: Crowd, count_refused: Callable[[str], None], **options: Any) -> None:
        """`count_refused` gets the name of each refusal that never reaches the application."""
        super().__init__(*arguments, **options)
        self._crowd, self._count_refused = crowd, count_refused

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._is_in_header = self._is_in_body = self._ignores_input = False
        self._writing_side = OneSegmentTransport(transport, lambda: self._is_in_body or self._ignores_input)
        self.transport = cast("asyncio.Transport", self._writing_side)
        self._wire_bytes = 0  # of the header or body that is arriving
        self._deadline: asyncio.TimerHandle | None = None
        self._unread_deadline: asyncio.TimerHandle | None = None
        self._is_deadline_of_body = False
        if not self._crowd.join(self, self.client[0] if self.client else None):
            self._fail(Busy("Too many connections.", "", "Try again later."))
        self._set_deadline(is_waiting=True)

    def data_received(self, data: bytes) -> None:
        if self._ignores_input or self._writing_side.is_closing():
            self._writing_side.drop(data)
            return
        self._wire_bytes += len(data)
        self._crowd.hear(self)
        self._unset_keepalive_if_required()
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._ignore_input()  # refused in on_headers_complete; the rest is not HTTP
        except httptools.HttpParserError:
            self._fail(NotHttp("This is not HTTP/1.1.", "", "Send one complete request at a time."))
        if self._is_in_body and self._wire_bytes > _WIRE_BYTES_MAX:
            self._fail(TooLarge("The body is too large.", "", f"Send at most {limits.BODY_BYTES_MAX} bytes."))
        elif not self._is_in_body and self._wire_bytes > limits.HEADER_BYTES_MAX:
            self._fail(header_too_large())
        self._set_deadline(is_waiting=self._is_in_header or self._wire_bytes > 0)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope[ABORT] = self.abort  # type: ignore[literal-required]
        self._is_in_header = True

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._is_in_header:  # a trailer could change the client or the coding afterwards
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        version = self.parser.get_http_version()
        refusal = fault_of_header(self.url, self.headers, version, upgrades=self.parser.should_upgrade())
        if refusal:
            self.scope[REFUSAL] = refusal  # type: ignore[literal-required]
        if version == "1.0":
            self.expect_100_continue = False  # HTTP/1.0 has no interim answers
        super().on_headers_complete()
        self._is_in_header, self._is_in_body = False, True
        self._wire_bytes = 0
        if refusal:
            self.cycle.keep_alive = False

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._is_in_body = False
        self._wire_bytes = 0

    def on_response_complete(self) -> None:
        super().on_response_complete()
        is_answered = self.cycle is not None and self.cycle.response_complete
        if self._is_in_body and is_answered:  # nobody waits for the rest of this body
            self._start_deadline(limits.LINGER_SECONDS_MAX)

    def eof_received(self) -> bool:  # type: ignore[override]
        """Keep the connection open for the answer when the client has sent its whole request."""
        is_owed = self.cycle is not None and not self.cycle.response_complete and not self._is_in_body
        if is_owed and not self._writing_side.is_closing():
            self.cycle.keep_alive = False
        return is_owed

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread_deadline = self.loop.call_later(limits.ANSWER_SECONDS_MAX, self._writing_side.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._crowd.hear(self)
        if self._unread_deadline:
            self._unread_deadline.cancel()

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self._deadline, self._unread_deadline):
            if timer:
                timer.cancel()
        self._crowd.leave(self)
        super().connection_lost(exc)
        self._let_go()

    def shutdown(self) -> None:
        """Give a body that is arriving STOP_SECONDS_MAX to end; then refuse it."""
        super().shutdown()
        if self._is_in_body and not self._ignores_input:
            self.loop.call_later(limits.STOP_SECONDS_MAX, self._refuse_stopping)

    def waits_for_server(self) -> bool:
        """Return whether a whole request is here, and the client reads its answer as it comes."""
        is_owed = self.cycle is not None and not self.cycle.response_complete
        return is_owed and not self._is_in_body and not self.flow.write_paused

    def abort(self) -> None:
        self._writing_side.abort()

    def _let_go(self) -> None:
        """Hold nothing that holds this connection: the garbage collector stops the server for as long as it takes.

        With 300 connections a second, a quarter of a second every seven seconds.
        """
        self._unset_keepalive_if_required()  # uvicorn leaves it to the timer where the client has reset the connection
        self.cycle = None  # type: ignore[assignment]  # as before its first request
        self.scope = None  # type: ignore[assignment]
        self.pipeline.clear()
        self._writing_side.end()

    def _fail(self, refusal: Refusal) -> None:
        """Answer the request under way with `refusal`, after those before it, and end the connection."""
        if self._ignores_input:
            return
        self._ignore_input()
        is_owed = self.cycle is not None and not self.cycle.response_complete
        if is_owed:
            if self._is_in_body:
                self.cycle.scope[REFUSAL] = refusal  # type: ignore[literal-required]
            self.cycle.keep_alive = False
            self.cycle.message_event.set()
        elif self._is_in_body:
            self.transport.close()  # this request was answered before its body ended
        else:
            self._count_refused(type(refusal).__name__)
            self.transport.write(raw_refusal(refusal))
            self.transport.close()

    def _refuse_stopping(self) -> None:
        if self._is_in_body:
            self._fail(Busy("The server is stopping.", "", "Try again later."))

    def _ignore_input(self) -> None:
        self._ignores_input = True
        self._set_deadline(is_waiting=False)

    def _set_deadline(self, *, is_waiting: bool) -> None:
        """Run one timer for the header or body that is arriving; stop it when nothing is."""
        is_in_body = self._is_in_body and not self._ignores_input
        wanted = (is_waiting or is_in_body) and not self._ignores_input
        if wanted and self._deadline is not None and self._is_deadline_of_body == is_in_body:
            return
        self._is_deadline_of_body = is_in_body
        if not wanted:
            self._stop_deadline()
        elif is_in_body:
            self._start_deadline(limits.BODY_SECONDS_MAX_CROWDED if self._crowd.is_dense else limits.BODY_SECONDS_MAX)
        else:
            self._start_deadline(limits.HEADER_SECONDS_MAX)

    def _start_deadline(self, seconds: float) -> None:
        self._stop_deadline()
        self._deadline = self.loop.call_later(seconds, self._time_out)

    def _stop_deadline(self) -> None:
        if self._deadline:
            self._deadline.cancel()
            self._deadline = None

    def _time_out(self) -> None:
        self._deadline = None
        if self._is_in_body or self._wire_bytes:
            part = "body" if self._is_in_body else "header"
            self._fail(TooSlow(f"The {part} did not arrive in time.", "", "Send it faster, or try again later."))
        else:
            self.transport.close()  # sent nothing at all
