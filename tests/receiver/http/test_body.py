"""A body is JSON by its type, comes from no web page, and is decompressed within limits."""

import gzip

import pytest

from connection import limits
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


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 201),
        ("Application/JSON; charset=utf-8", 201),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("text/plain", 415),
        ("text/plain, application/json", 415),
        ("", 415),
    ],
)
def test_a_report_is_sent_as_json(receiver: Receiver, content_type: str, status: int) -> None:
    """A form, a beacon and `fetch` without CORS can send only other types, from any page.

    Found: 53 of 53 reports of a page that a browser had opened were stored.
    """
    assert receiver.post(BODY, {"Content-Type": content_type})[0] == status


@pytest.mark.parametrize(
    "header", [{"Origin": "https://elsewhere.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "same-origin"}]
)
def test_a_web_page_cannot_send_a_report(receiver: Receiver, header: dict[str, str]) -> None:
    """A browser says that it speaks for a page."""
    status, problem = receiver.post(BODY, header)
    assert (status, problem["type"]) == (403, "urn:foreman-popcon:FromWebPage")
