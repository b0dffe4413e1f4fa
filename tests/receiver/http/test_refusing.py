"""Every refusal has one form."""

import json

from tests.receiver.running import Receiver, report


def test_a_refusal_says_what_where_and_what_to_do(receiver: Receiver) -> None:
    """The answer is a problem document as defined by RFC 9457, and repeats nothing that was sent."""
    status, problem = receiver.post(json.dumps({"uuid": "too-short", "secret": "s3cret"}).encode())
    headers = problem.pop("headers")
    assert (status, headers["content-type"]) == (400, "application/problem+json")
    assert problem == {
        "type": "urn:foreman-popcon:NotAReport",
        "title": "The report has no usable uuid.",
        "status": 400,
        "detail": "The report has no usable uuid. Give 16 to 64 characters of 0-9, A-Z, a-z and -, as a string.",
        "where": "/uuid",
        "what_to_do": "Give 16 to 64 characters of 0-9, A-Z, a-z and -, as a string.",
    }


def test_an_unknown_path_and_a_wrong_method_are_refused(receiver: Receiver) -> None:
    """404 and 405 come in the same form, and 405 names the methods."""
    assert receiver.get("/nothing")[0] == receiver.post(report(7), path="/data/")[0] == 404
    status, problem = receiver.ask("PUT", "/data")
    assert (status, sorted(problem["headers"]["allow"].split(", "))) == (405, ["DELETE", "GET", "HEAD", "POST"])
