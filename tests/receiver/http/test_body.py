"""A body is decompressed within limits, whatever its type."""

import gzip

import pytest

from receiver import limits
from tests.receiver.running import Receiver, report

BODY = report(7)
BOMB = gzip.compress(bytes(2**27), 9)
GZIP = gzip.compress(BODY)
CODINGS: dict[str, tuple[bytes, str, int]] = {
    "gzip": (GZIP, "gzip", 201),
    "gzip in capitals": (GZIP, "GZIP", 201),
    "identity": (BODY, "identity", 201),
    "a bomb of 128 MiB": (BOMB, "gzip", 413),
    "a bomb in a second layer": (gzip.compress(BOMB), "gzip", 400),
    "inflated to one byte too many": (gzip.compress(bytes(limits.BODY_BYTES_MAX + 1)), "gzip", 413),
    "truncated": (GZIP[:-9], "gzip", 400),
    "with a wrong checksum": (GZIP[:-8] + bytes(8), "gzip", 400),
    "two members": (GZIP + GZIP, "gzip", 400),
    "with trailing bytes": (GZIP + b"x", "gzip", 400),
    "plain under the name of gzip": (BODY, "gzip", 400),
    "empty": (b"", "gzip", 400),
    "an unknown coding": (BODY, "br", 415),
    "two codings": (GZIP, "gzip, gzip", 415),
}


@pytest.mark.parametrize("name", CODINGS)
def test_a_body_is_inflated_within_bounds(receiver: Receiver, name: str) -> None:
    """Every way to get gzip wrong has its answer, and a bomb is not inflated."""
    body, coding, expected = CODINGS[name]
    status, _ = receiver.post(body, {"Content-Encoding": coding})
    assert status == expected


def test_a_body_may_come_under_any_content_type(receiver: Receiver) -> None:
    """Scripts send what curl or urllib put there; the body is judged."""
    for content_type in ("application/x-www-form-urlencoded", "text/plain", "application/json; charset=latin1", ""):
        assert receiver.post(BODY, {"Content-Type": content_type})[0] == 201
