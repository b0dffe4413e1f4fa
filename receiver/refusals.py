"""Why an upload is refused: one small class per meaning, and the one table that gives each its status.

Every refusal is answered as RFC 9457 `application/problem+json` and says what, where and what to do.
No message repeats what the client sent: a body may hold what nobody should read in a log.
"""

from dataclasses import dataclass


@dataclass(eq=False)
class Refusal(Exception):  # noqa: N818 - the domain's word for it
    """`what` went wrong, `where` (a JSON pointer, a header or a limit; may be empty), and `what_to_do`."""

    what: str
    where: str
    what_to_do: str
    wait_seconds: int | None = None  # how long to wait before the next try; None: as the table below says


class NotHttp(Refusal):
    """The request is not HTTP/1.1 that every program between here and the client reads in the same way."""


class NotJson(Refusal):
    """The body is not strict JSON text."""


class NotAReport(Refusal):
    """JSON, but not an object with the two keys every report has."""


class BeyondLimit(Refusal):
    """JSON that goes beyond a bound on its shape."""


class BadEncoding(Refusal):
    """The body cannot be inflated."""


class NoKey(Refusal):
    """No uuid came in the Authorization header."""


class NothingStored(Refusal):
    """Nothing is stored under the uuid, or it is none."""


class Erased(Refusal):
    """The installation was erased at its own wish; no report of it is taken again."""


class ViewsBehind(Refusal):
    """Too many uploads are newer than views.db, or it is missing: an installation's cannot be found in time."""


class BadQuery(Refusal):
    """The part of the URL behind `?` asks for what there is not; nothing was stored."""


class NoSuchPage(Refusal):
    """Nothing is served under this path."""


class WrongMethod(Refusal):
    """The path exists, the method does not."""


class TooSlow(Refusal):
    """Header or body did not arrive in time."""


class NoLength(Refusal):
    """A body was expected, and the header announces none."""


class TooLarge(Refusal):
    """More bytes than the receiver takes."""


class UnknownCoding(Refusal):
    """A Content-Encoding the receiver does not read."""


class TooMany(Refusal):
    """The client's network has used up its minute or its day."""


class HeaderTooLarge(Refusal):
    """More bytes of header than the receiver takes."""


class Busy(Refusal):
    """Too much waits already, or the receiver is stopping."""


class LogUnavailable(Refusal):
    """The log could not be written; the receiver stops after this answer."""


class NotReady(Refusal):
    """The receiver should get no new uploads; only `/livez` and `/readyz` say so."""


class DiskFull(Refusal):
    """No space is left for the log."""


STATUS = {
    NotHttp: 400,
    NotJson: 400,
    NotAReport: 400,
    BeyondLimit: 400,
    BadEncoding: 400,
    BadQuery: 400,
    NoKey: 401,
    NoSuchPage: 404,
    NothingStored: 404,
    WrongMethod: 405,
    TooSlow: 408,
    Erased: 410,
    NoLength: 411,
    TooLarge: 413,
    UnknownCoding: 415,
    TooMany: 429,
    HeaderTooLarge: 431,
    Busy: 503,
    LogUnavailable: 503,
    NotReady: 503,
    ViewsBehind: 503,
    DiskFull: 507,
}

RETRY_AFTER_SECONDS = {TooMany: 60, Busy: 10, LogUnavailable: 60, NotReady: 60, ViewsBehind: 60, DiskFull: 3600}
