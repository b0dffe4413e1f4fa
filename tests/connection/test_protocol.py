"""Which requests are accepted, and how the rest are refused: with one answer, and in time."""

import signal
from typing import Any

import pytest

from tests.receiver.running import Receiver, report, statuses_in

BODY = report(7)
JSON = b"Content-Type: application/json\r\n"
LENGTH = JSON + b"Content-Length: %d\r\n" % len(BODY)
CODED = b"Transfer-Encoding: chunked\r\n"
CHUNKS = JSON + CODED
CHUNKED = b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)
WHOLE = b"POST /data HTTP/1.1\r\nHost: x\r\n" + LENGTH + b"\r\n" + BODY


def post(headers: bytes, body: bytes = BODY, line: bytes = b"POST /data HTTP/1.1") -> bytes:
    return line + b"\r\n" + headers + b"\r\n" + body


H = b"Host: x\r\n"
ODDITIES: dict[str, tuple[bytes, list[int]]] = {
    "a plain upload": (WHOLE, [201]),
    "two in a row": (WHOLE + WHOLE, [201, 201]),
    "three in a row, the second refused": (
        WHOLE + post(H + JSON + b"Content-Length: 2\r\n", b"{}") + WHOLE,
        [201, 400, 201],
    ),
    "chunked": (post(H + CHUNKS, CHUNKED), [201]),
    "chunked, with an extension": (post(H + CHUNKS, CHUNKED.replace(b"\r\n", b";a=b\r\n", 1)), [201]),
    "chunked, with a trailer that names a coding": (
        post(H + CHUNKS, CHUNKED[:-2] + b"Content-Encoding: gzip\r\n\r\n"),
        [201],
    ),
    "chunked, with a size that is no number": (post(H + CHUNKS, b"xyz\r\n"), [400]),
    "chunked, with a negative size": (post(H + CHUNKS, b"-1\r\n"), [400]),
    "chunked, with a size beyond 64 bits": (post(H + CHUNKS, b"f" * 20 + b"\r\n"), [400]),
    "chunked, longer than its size says": (post(H + CHUNKS, b"2\r\n{}{}\r\n0\r\n\r\n"), [400]),
    "chunked, in pieces of a byte with extensions": (post(H + CHUNKS, b"1;" + b"e" * 1_200_000 + b"\r\n{"), [413]),
    "chunked twice": (post(H + CHUNKS + CODED, CHUNKED), [400]),
    "chunked under another coding": (post(H + b"Transfer-Encoding: gzip, chunked\r\n", CHUNKED), [400]),
    "a coding that is not chunked": (post(H + b"Transfer-Encoding: identity\r\n", BODY), [400]),
    "chunked in another spelling": (post(H + b"Transfer-Encoding: xchunked\r\n", CHUNKED), [400]),
    "a length and chunks": (post(H + LENGTH + CODED, CHUNKED), [400]),
    "chunks and a length": (post(H + CHUNKS + LENGTH.removeprefix(JSON), CHUNKED), [400]),
    "two lengths": (post(H + LENGTH + b"Content-Length: 1\r\n"), [400]),
    "the same length twice": (post(H + LENGTH + LENGTH.removeprefix(JSON)), [400]),
    "a length with a sign": (post(H + b"Content-Length: +5\r\n", b"{   }"), [400]),
    "a negative length": (post(H + b"Content-Length: -5\r\n", b"{   }"), [400]),
    "a length in hexadecimal": (post(H + b"Content-Length: 0x5\r\n", b"{   }"), [400]),
    "a length beyond 64 bits": (post(H + b"Content-Length: 99999999999999999999\r\n"), [400]),
    "a length beyond the limit": (post(H + JSON + b"Content-Length: 300000\r\n"), [413]),
    "no length": (post(H + JSON, b""), [411]),
    "no Host": (post(LENGTH), [400]),
    "two Hosts": (post(H + b"Host: y\r\n" + LENGTH), [400]),
    "HTTP/1.0 without Host": (post(LENGTH, line=b"POST /data HTTP/1.0"), [201]),
    "HTTP/1.0 with chunks": (post(H + CHUNKS, CHUNKED, b"POST /data HTTP/1.0"), [400]),
    "HTTP/0.9": (b"GET /data\r\n\r\n", [400]),
    "HTTP/2 preface": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [400]),
    "a version that never was": (post(H + LENGTH, line=b"POST /data HTTP/9.9"), [400]),
    "a TLS hello": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200), [400]),
    "Upgrade: h2c": (post(H + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n" + LENGTH), [400]),
    "Upgrade: websocket": (post(H + b"Connection: Upgrade\r\nUpgrade: websocket\r\n" + LENGTH), [400]),
    "CONNECT": (b"CONNECT example.org:443 HTTP/1.1\r\nHost: example.org\r\n\r\n", [400]),
    "a method that is none": (b"BREW /data HTTP/1.1\r\nHost: x\r\n\r\n", [400]),
    "bare line feeds": (WHOLE.replace(b"\r\n", b"\n"), [400]),
    "a folded header": (post(H + b"X-A: b\r\n c\r\n" + LENGTH), [400]),
    "a space before the colon": (post(b"Host : x\r\n" + LENGTH), [400]),
    "a NUL in a header": (post(H + b"X-A: \x00\r\n" + LENGTH), [400]),
    "a path that is not ASCII": (b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n", [400]),
    "a header of 17 KiB": (post(H + b"X-A: " + b"a" * 17_000 + b"\r\n" + LENGTH), [431]),
    "a header of 5 MB": (post(H + b"X-A: " + b"a" * 5_000_000 + b"\r\n" + LENGTH), [431]),
    "3,000 headers": (post(H + b"X-A: b\r\n" * 3_000 + LENGTH), [431]),
    "a path of 20 KiB": (b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", [431]),
    "garbage after an upload": (WHOLE + b"\x00\x01\x02 garbage\r\n\r\n", [201]),
    "an upload after an end": (WHOLE.replace(b"Host: x", b"Host: x\r\nConnection: close") + WHOLE, [201]),
    "an absolute path": (WHOLE.replace(b"/data", b"http://elsewhere/data", 1), [201]),
    "a dot in the path": (WHOLE.replace(b"/data", b"/./data", 1), [404]),
    "Expect, with the body at once": (post(H + b"Expect: 100-continue\r\n" + LENGTH), [100, 201]),
    "Expect, and too long": (post(H + b"Expect: 100-continue\r\nContent-Length: 300000\r\n" + JSON, b""), [413]),
    "an Expect nobody knows": (post(H + b"Expect: cake\r\n" + LENGTH), [201]),
}


@pytest.mark.parametrize("name", ODDITIES)
def test_every_oddity_has_its_one_answer(receiver: Receiver, name: str) -> None:
    """A request gets one answer, and no byte of one request is ever read as another."""
    sent, expected = ODDITIES[name]
    assert receiver.raw(sent, len(expected)) == expected


def test_no_oddity_is_written_down(receiver: Receiver) -> None:
    """Standard error stays empty: no address, no uuid, no trace."""
    for sent, _ in ODDITIES.values():
        receiver.raw(sent, 1, 0.001)
    assert receiver.said() == ""


def test_a_client_that_ends_its_side_gets_its_answer(receiver: Receiver) -> None:
    """`nc -N` closes its writing side behind the request."""
    with receiver.connect() as line:
        line.sendall(WHOLE)
        line.shutdown(1)
        answer: Any = line.recv(65536)
    assert statuses_in(answer) == [201]


def test_a_client_that_is_gone_before_its_answer_is_not_written_down(receiver: Receiver) -> None:
    """Found: when it had closed the connection with its body half sent, its answer ended in a traceback."""
    receiver.process.send_signal(signal.SIGSTOP)
    with receiver.connect() as line:
        line.sendall(post(H + b"Connection: close\r\nContent-Length: 200000\r\n", bytes(100_000), b"POST /no HTTP/1.1"))
    receiver.process.send_signal(signal.SIGCONT)
    assert receiver.get("/livez")[0] == 200
    assert receiver.said() == ""
