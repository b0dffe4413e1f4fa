"""What an upload meets on its way into the log, and the answers to it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from receiver.answers import answer, answer_refusal
from receiver.appender import Appender
from receiver.body import read_body
from receiver.dry_run import explain
from receiver.health import Health
from receiver.housekeeping import Housekeeping
from receiver.meter import Meter
from receiver.networks import Network, network_of_client
from receiver.quota import Quota
from receiver.refusals import BadQuery, Erased, NoSuchPage, Refusal, WrongMethod
from receiver.report import Report, read_report
from receiver.rights import Rights
from receiver.tags import NetworkTags
from receiver.tombstones import Tombstones
from transforms.catalogue import Catalogue


@dataclass(frozen=True)
class Reception:
    """Everything an upload meets on its way into the log."""

    appender: Appender
    health: Health
    meter: Meter
    quota: Quota
    tags: NetworkTags
    tombstones: Tombstones
    rights: Rights
    housekeeping: Housekeeping
    catalogue: Catalogue
    trusted_proxies: tuple[Network, ...]
    clock: Callable[[], datetime]

    async def answer_for_data(self, request: Request) -> Response:
        """Answer `/data` by its method.  Raise a Refusal."""
        if request.method == "POST":
            return await self.take(request)
        return await (self.rights.erase if request.method == "DELETE" else self.rights.show)(request)

    async def take(self, request: Request) -> Response:
        """Answer `POST /data`.  Raise a Refusal."""
        now = self.clock()
        peer = request.client.host if request.client else None
        network = network_of_client(peer, request.headers.getlist("x-forwarded-for"), self.trusted_proxies)
        if network is not None:
            self.quota.admit(network, now)
        is_dry_run = _is_dry_run(request)
        report = read_report(await read_body(request))
        if is_dry_run:
            self.meter.count_read()
            return answer(explain(report, self.catalogue))
        return await self.store(report, self.tags.tag(network, now))

    async def store(self, report: Report, network_tag: bytes | None) -> Response:
        if self.tombstones.refuses(report.uuid):
            raise Erased("This installation was erased.", "/uuid", "Send no more; `foreman-popcon enable` begins anew.")
        receipt = await self.appender.append(report, network_tag)
        self.meter.count_stored()
        return answer({"status": "stored", **vars(receipt)}, 201)

    async def live(self, _: Request) -> Response:
        self.health.require_alive()
        return answer({"status": "live"})

    async def ready(self, _: Request) -> Response:
        self.health.require_ready()
        return answer({"status": "ready"})

    async def refuse(self, request: Request, refusal: Exception) -> Response:
        assert isinstance(refusal, Refusal)  # noqa: S101 - Starlette's type of a handler is wider than what it calls
        self.meter.count_refused(type(refusal).__name__)
        response = answer_refusal(refusal)
        if "expect" in request.headers:  # whether its body still comes is anybody's guess
            response.headers["Connection"] = "close"
        return response

    async def refuse_route(self, request: Request, error: Exception) -> Response:
        """Give Starlette's own 404 and 405 the same form as every other refusal."""
        assert isinstance(error, HTTPException)  # noqa: S101 - as above
        refusal: Refusal = NoSuchPage("There is nothing here.", "", "POST a report to /data.")
        if error.status_code == 405:
            refusal = WrongMethod("This path takes another method.", "", "POST a report to /data.")
        response = await self.refuse(request, refusal)
        response.headers.update(error.headers or {})
        return response


def _is_dry_run(request: Request) -> bool:
    """Whoever asks for a dry run in other words must not find the report stored.  Raise BadQuery."""
    asked = request.query_params.getlist("dry_run")
    if asked and asked != ["1"]:
        raise BadQuery("This dry_run is not understood.", "dry_run", "Ask for ?dry_run=1, or leave it out.")
    return bool(asked)
