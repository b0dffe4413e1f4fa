"""A refusal is one class, which carries everything that is said of it."""

import pytest

from connection.problems import raw_refusal
from connection.refusals import Refusal, TooLarge
from receiver.answers import answer_refusal
from receiver.refusals import REFUSALS, NoKey, TooMany


@pytest.mark.parametrize("kind", REFUSALS)
def test_every_refusal_has_a_status_a_meaning_and_requests(kind: type[Refusal]) -> None:
    """Nothing is inherited from another refusal, and the meaning is a sentence."""
    assert 400 <= kind.status <= 599
    assert kind.meaning().endswith(".")
    assert "\n" not in kind.meaning()
    assert kind.__bases__ == (Refusal,)
    assert (kind.status in (429, 503, 507)) == (kind.retry_after_seconds is not None)


def test_the_time_to_wait_is_that_of_the_class_unless_it_is_known() -> None:
    """A network that must wait 7 seconds is told 7."""
    assert answer_refusal(TooMany("A.", "", "B.")).headers["retry-after"] == "60"
    assert answer_refusal(TooMany("A.", "", "B.", wait_seconds=7)).headers["retry-after"] == "7"
    assert "retry-after" not in answer_refusal(TooLarge("A.", "", "B.")).headers
    assert answer_refusal(NoKey("A.", "", "B.")).headers["www-authenticate"] == "Bearer"


def test_a_refusal_outside_the_application_has_the_same_answer() -> None:
    """Status, headers and problem document are the same, as bytes."""
    refusal = TooMany("A.", "B", "C.")
    head, body = raw_refusal(refusal).split(b"\r\n\r\n")
    response = answer_refusal(refusal)
    assert head.startswith(b"HTTP/1.1 429 TooMany\r\n")
    assert b"retry-after: 60" in head
    assert body == response.body
