"""The form of the receiver's answers: JSON, and the problem document of a refusal."""

from typing import Any

import orjson
from starlette.responses import Response

from receiver.refusals import NoKey, Refusal

_PROBLEM = "application/problem+json"


def answer(content: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(content), status, media_type="application/json")


def answer_refusal(refusal: Refusal) -> Response:
    """Return the problem document of `refusal`, with its status and, where waiting helps, Retry-After."""
    return Response(_problem(refusal), refusal.status, _headers(refusal), media_type=_PROBLEM)


def raw_refusal(refusal: Refusal) -> bytes:
    """Return the same answer as bytes, for a connection on which no request could be read."""
    problem = _problem(refusal)
    head = [f"HTTP/1.1 {refusal.status} {type(refusal).__name__}"]
    head += [f"content-type: {_PROBLEM}", f"content-length: {len(problem)}", "connection: close"]
    head += [f"{name.lower()}: {value}" for name, value in _headers(refusal).items()]
    return "\r\n".join([*head, "", ""]).encode() + problem


def _problem(refusal: Refusal) -> bytes:
    return orjson.dumps(
        {
            "type": f"urn:foreman-popcon:{type(refusal).__name__}",
            "title": refusal.what,
            "status": refusal.status,
            "detail": f"{refusal.what} {refusal.what_to_do}",
            "where": refusal.where,
            "what_to_do": refusal.what_to_do,
        }
    )


def _headers(refusal: Refusal) -> dict[str, str]:
    seconds = refusal.wait_seconds or refusal.retry_after_seconds
    headers = {} if seconds is None else {"Retry-After": str(seconds)}
    return headers | {"WWW-Authenticate": "Bearer"} if isinstance(refusal, NoKey) else headers
