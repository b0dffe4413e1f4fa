"""Why the receiver refuses a request, besides what every server here refuses (`connection/refusals.py`).

`/openapi.json` and the table of answers in docs/receiver.md follow from these classes (`receiver/reference.py`).
"""

from enum import Flag, auto

from connection.refusals import Refusal


class Requests(Flag):
    """Which requests can be refused."""

    UPLOAD = auto()  # POST /data
    SHOW = auto()  # GET /data
    ERASE = auto()  # DELETE /data
    HEALTH = auto()  # GET /livez and GET /readyz
    PAGES = auto()  # every other path that exists
    UNKNOWN_PATHS = auto()
    OWN_RECORD = SHOW | ERASE


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


class NoKey(Refusal, status=401, answers=Requests.OWN_RECORD, headers={"WWW-Authenticate": "Bearer"}):
    """The Authorization header has no uuid."""


class FromWebPage(Refusal, status=403, answers=Requests.UPLOAD):
    """A browser sent the report for a web page: the request has `Origin` or `Sec-Fetch-Site`."""


class NothingStored(Refusal, status=404, answers=Requests.OWN_RECORD):
    """Nothing is stored under this uuid, or it is not a uuid."""


class NoSuchPage(Refusal, status=404, answers=Requests.UNKNOWN_PATHS):
    """This path does not exist."""


class WrongMethod(Refusal, status=405):
    """This path exists, but does not accept this method."""


class Erased(Refusal, status=410, answers=Requests.UPLOAD):
    """The installation was erased at its own request; no further report of it is accepted."""


class NoLength(Refusal, status=411, answers=Requests.UPLOAD):
    """A body is needed, and the header announces none: it has neither Content-Length nor chunks."""


class NotJsonType(Refusal, status=415, answers=Requests.UPLOAD):
    """The Content-Type is not `application/json`."""


class UnknownCoding(Refusal, status=415, answers=Requests.UPLOAD):
    """The Content-Encoding is not gzip."""


class TooMany(Refusal, status=429, answers=Requests.UPLOAD | Requests.OWN_RECORD, retry_after_seconds=60):
    """The client's network has used up its requests of this minute or day; `Retry-After` says when to try again."""


class ViewsBehind(Refusal, status=503, answers=Requests.OWN_RECORD, retry_after_seconds=60):
    """Too many uploads are newer than `views.db`, or it is missing: the record cannot be found before a refresh."""


class LogUnavailable(Refusal, status=503, answers=Requests.UPLOAD | Requests.ERASE, retry_after_seconds=60):
    """The log could not be written; the receiver stops after this answer."""


class NotReady(Refusal, status=503, answers=Requests.HEALTH, retry_after_seconds=60):
    """The receiver should get no new uploads, for the reason given."""


class DiskFull(Refusal, status=507, answers=Requests.UPLOAD | Requests.ERASE, retry_after_seconds=3600):
    """No space is left for the log.  The receiver continues by itself once there is space again."""


REFUSALS: list[type[Refusal]] = sorted(Refusal.__subclasses__(), key=lambda kind: kind.status)
