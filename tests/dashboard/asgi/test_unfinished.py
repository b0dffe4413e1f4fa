import contextlib
import socket
from typing import Any

import pytest

from dashboard.asgi.unfinished import cut_off_unfinished
from tests.connection.serving import serving


async def answer_twice(_: Any, __: Any, send: Any) -> None:
    for _ in range(2):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})


def test_an_answer_that_fails_after_it_has_begun_is_cut_off(capfd: pytest.CaptureFixture[str]) -> None:
    """Found: with its memory used up, the explorer began an error page within an answer, and printed a traceback."""
    with serving(cut_off_unfinished(answer_twice)) as port, socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        line.settimeout(5)
        with contextlib.suppress(ConnectionResetError):
            assert line.recv(65536) == b""
    assert capfd.readouterr().err == ""
