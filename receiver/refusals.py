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


class NotJson(Refusal):
    """The body is not strict JSON text."""


class NotAReport(Refusal):
    """JSON, but not an object with the two keys every report has."""


class BeyondLimit(Refusal):
    """JSON that goes beyond a bound on its shape."""


class BadEncoding(Refusal):
    """The body cannot be inflated."""


class TooLarge(Refusal):
    """More bytes than the receiver takes."""


class UnknownCoding(Refusal):
    """A Content-Encoding the receiver does not read."""


class NoSuchPage(Refusal):
    """Nothing is served under this path."""


class WrongMethod(Refusal):
    """The path exists, the method does not."""


class Busy(Refusal):
    """Too many uploads wait already, or the receiver is stopping."""


class LogUnavailable(Refusal):
    """The log could not be written; the receiver stops after this answer."""


class DiskFull(Refusal):
    """No space is left for the log."""


STATUS = {
    NotJson: 400,
    NotAReport: 400,
    BeyondLimit: 400,
    BadEncoding: 400,
    NoSuchPage: 404,
    WrongMethod: 405,
    TooLarge: 413,
    UnknownCoding: 415,
    Busy: 503,
    LogUnavailable: 503,
    DiskFull: 507,
}

RETRY_AFTER_SECONDS = {Busy: 10, LogUnavailable: 60, DiskFull: 3600}
