"""The form of a refusal's answer: the problem document of RFC 9457."""

import json

from connection.refusals import Refusal

PROBLEM_TYPE = "application/problem+json"


def problem_of(refusal: Refusal) -> bytes:
    """Return the document."""
    return json.dumps(
        {
            "type": f"urn:foreman-popcon:{type(refusal).__name__}",
            "title": refusal.what,
            "status": refusal.status,
            "detail": f"{refusal.what} {refusal.what_to_do}",
            "where": refusal.where,
            "what_to_do": refusal.what_to_do,
        },
        separators=(",", ":"),
    ).encode()


def headers_of(refusal: Refusal) -> dict[str, str]:
    """Return the headers of the answer besides the document's type and length."""
    seconds = refusal.wait_seconds or refusal.retry_after_seconds
    return {**refusal.headers, **({} if seconds is None else {"Retry-After": str(seconds)})}


def raw_refusal(refusal: Refusal) -> bytes:
    """Return the answer as bytes, for a connection on which no request could be read."""
    problem = problem_of(refusal)
    head = [f"HTTP/1.1 {refusal.status} {type(refusal).__name__}"]
    head += [f"content-type: {PROBLEM_TYPE}", f"content-length: {len(problem)}", "connection: close"]
    head += [f"{name.lower()}: {value}" for name, value in headers_of(refusal).items()]
    return "\r\n".join([*head, "", ""]).encode() + problem
