"""The form of the receiver's answers: JSON, and the problem document of a refusal."""

from typing import Any

import orjson
from starlette.responses import Response

from connection.problems import PROBLEM_TYPE, headers_of, problem_of
from connection.refusals import Refusal


def answer(content: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(content), status, media_type="application/json")


def answer_refusal(refusal: Refusal) -> Response:
    """Return the problem document of `refusal`, with its status and, where waiting helps, Retry-After."""
    return Response(problem_of(refusal), refusal.status, headers_of(refusal), media_type=PROBLEM_TYPE)
