"""Why a request is refused: one small class for each meaning, which carries everything that is said of it.

Here are those that any server may give; each server has further ones.  Every refusal is answered as RFC 9457
`application/problem+json` and says what, where and what to do.  No message repeats what the client sent: a request may
hold what nobody should read in a log.
"""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Flag
from typing import ClassVar


@dataclass(eq=False)
class Refusal(Exception):  # noqa: N818 - the domain's word for it
    """`what` went wrong, `where` (a JSON pointer, a header or a limit; may be empty), and `what_to_do`.

    A subclass gives its HTTP status, the requests that it can answer (every one, if it names none), the seconds to
    wait before the next try where waiting helps, and further headers.  Its docstring is what the documentation says it
    means.
    """

    what: str
    where: str
    what_to_do: str
    wait_seconds: int | None = None  # replaces `retry_after_seconds` where the time to wait is known

    status: ClassVar[int]
    answers: ClassVar[Flag | None]
    retry_after_seconds: ClassVar[int | None]
    headers: ClassVar[Mapping[str, str]]

    def __init_subclass__(
        cls,
        *,
        status: int,
        answers: Flag | None = None,
        retry_after_seconds: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        cls.status, cls.answers, cls.retry_after_seconds = status, answers, retry_after_seconds
        cls.headers = headers or {}

    @classmethod
    def can_answer(cls, requests: Flag) -> bool:
        return cls.answers is None or requests in cls.answers

    @classmethod
    def meaning(cls) -> str:
        """Return the docstring as one line."""
        return " ".join(inspect.cleandoc(cls.__doc__ or "").split())


class NotHttp(Refusal, status=400):
    """The request is not HTTP/1.1 that every program between here and the client reads in the same way."""


class TooSlow(Refusal, status=408):
    """The header or the body did not arrive in time."""


class TooLarge(Refusal, status=413):
    """The body has more bytes than are accepted."""


class HeaderTooLarge(Refusal, status=431):
    """The header has more bytes than are accepted."""


class Busy(Refusal, status=503, retry_after_seconds=10):
    """Too many requests are waiting, a reader is blocking the log, or the server is stopping."""
