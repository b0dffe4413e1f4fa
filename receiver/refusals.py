"""Why a request is refused: one small class for each meaning, which carries everything that is said of it.

`/openapi.json` and the table of answers in docs/receiver.md follow from these classes (`receiver/reference.py`).
Every refusal is answered as RFC 9457 `application/problem+json` and says what, where and what to do.
No message repeats what the client sent: a body may hold what nobody should read in a log.
"""

import inspect
from dataclasses import dataclass
from enum import Flag, auto
from typing import ClassVar


class Requests(Flag):
    """Which requests can be refused."""

    UPLOAD = auto()  # POST /data
    SHOW = auto()  # GET /data
    ERASE = auto()  # DELETE /data
    HEALTH = auto()  # GET /livez and GET /readyz
    PAGES = auto()  # every other path that exists
    UNKNOWN_PATHS = auto()
    OWN_RECORD = SHOW | ERASE
    EVERY = UPLOAD | SHOW | ERASE | HEALTH | PAGES | UNKNOWN_PATHS


@dataclass(eq=False)
class Refusal(Exception):  # noqa: N818 - the domain's word for it
    """`what` went wrong, `where` (a JSON pointer, a header or a limit; may be empty), and `what_to_do`.

    A subclass gives its HTTP status, the requests that it can answer, and the seconds to wait before the next try
    where waiting helps.  Its docstring is what the documentation says it means.
    """

    what: str
    where: str
    what_to_do: str
    wait_seconds: int | None = None  # replaces `retry_after_seconds` where the time to wait is known

    status: ClassVar[int]
    answers: ClassVar[Requests]
    retry_after_seconds: ClassVar[int | None]

    def __init_subclass__(cls, *, status: int, answers: Requests, retry_after_seconds: int | None = None) -> None:
        cls.status, cls.answers, cls.retry_after_seconds = status, answers, retry_after_seconds

    @classmethod
    def meaning(cls) -> str:
        """Return the docstring as one line."""
        return " ".join(inspect.cleandoc(cls.__doc__ or "").split())


class NotHttp(Refusal, status=400, answers=Requests.EVERY):
    """The request is not HTTP/1.1 that every program between here and the client reads in the same way."""


class BadQuery(Refusal, status=400, answers=Requests.UPLOAD):
    """The part of the URL after `?` asks for something that does not exist; nothing was stored."""


class NotJson(Refusal, status=400, answers=Requests.UPLOAD):
    """The body is not strict JSON text."""


class NotAReport(Refusal, status=400, answers=Requests.UPLOAD):
    """The body is JSON, but not an object with `uuid` and `core_version`."""


class BeyondLimit(Refusal, status=400, answers=Requests.UPLOAD):
    """The body is JSON that exceeds a limit on its shape."""


class BadEncoding(Refusal, status=400, answers=Requests.UPLOAD):
    """The body cannot be decompressed."""


class NoKey(Refusal, status=401, answers=Requests.OWN_RECORD):
    """The Authorization header has no uuid."""


class NothingStored(Refusal, status=404, answers=Requests.OWN_RECORD):
    """Nothing is stored under this uuid, or it is not a uuid."""


class NoSuchPage(Refusal, status=404, answers=Requests.UNKNOWN_PATHS):
    """This path does not exist."""


class WrongMethod(Refusal, status=405, answers=Requests.EVERY):
    """This path exists, but does not accept this method."""


class TooSlow(Refusal, status=408, answers=Requests.EVERY):
    """The header or the body did not arrive in time."""


class Erased(Refusal, status=410, answers=Requests.UPLOAD):
    """The installation was erased at its own request; no further report of it is accepted."""


class NoLength(Refusal, status=411, answers=Requests.UPLOAD):
    """A body is needed, and the header announces none: it has neither Content-Length nor chunks."""


class TooLarge(Refusal, status=413, answers=Requests.UPLOAD):
    """The body has more bytes than the receiver accepts."""


class UnknownCoding(Refusal, status=415, answers=Requests.UPLOAD):
    """The Content-Encoding is not gzip."""


class TooMany(Refusal, status=429, answers=Requests.UPLOAD | Requests.OWN_RECORD, retry_after_seconds=60):
    """The client's network has used up its requests of this minute or day; `Retry-After` says when to try again."""


class HeaderTooLarge(Refusal, status=431, answers=Requests.EVERY):
    """The header has more bytes than the receiver accepts."""


class Busy(Refusal, status=503, answers=Requests.EVERY, retry_after_seconds=10):
    """Too many requests are waiting, a reader is blocking the log, or the receiver is stopping."""


class ViewsBehind(Refusal, status=503, answers=Requests.OWN_RECORD, retry_after_seconds=60):
    """Too many uploads are newer than `views.db`, or it is missing: the record cannot be found before a refresh."""


class LogUnavailable(Refusal, status=503, answers=Requests.UPLOAD | Requests.ERASE, retry_after_seconds=60):
    """The log could not be written; the receiver stops after this answer."""


class NotReady(Refusal, status=503, answers=Requests.HEALTH, retry_after_seconds=60):
    """The receiver should get no new uploads, for the reason given."""


class DiskFull(Refusal, status=507, answers=Requests.UPLOAD | Requests.ERASE, retry_after_seconds=3600):
    """No space is left for the log.  The receiver continues by itself once there is space again."""


REFUSALS: list[type[Refusal]] = Refusal.__subclasses__()  # in the order of this module
