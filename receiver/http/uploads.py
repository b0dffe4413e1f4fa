"""What an upload meets on its way into the log, and the answers to it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from receiver.answers import answer, answer_refusal
from receiver.erasure.erasures import Erasures
from receiver.erasure.nightly import NightlyMaintenance
from receiver.http.body import read_body
from receiver.http.dry_run import explain
from receiver.http.health import Health
from receiver.http.own_record import OwnRecord
from receiver.log.appender import Appender
from receiver.metrics import Metrics
from receiver.networks.clients import Network, network_of_client
from receiver.networks.network_tags import NetworkTags
from receiver.networks.quota import Quota
from receiver.refusals import BadQuery, Erased, NoSuchPage, Refusal, WrongMethod
from receiver.reports.report import Report, read_report
from vocabulary.catalogue import Catalogue


@dataclass(frozen=True)
class Uploads:
    """Everything an upload meets on its way into the log."""

    appender: Appender
    health: Health
    metrics: Metrics
    quota: Quota
    tags: NetworkTags
    erasures: Erasures
    rights: OwnRecord
    maintenance: NightlyMaintenance
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
            self.metrics.count_read()
            return answer(explain(report, self.catalogue))
        return await self.store(report, self.tags.tag(network, now))

    async def store(self, report: Report, network_tag: bytes | None) -> Response:
        if self.erasures.refuses(report.uuid):
            raise Erased("This installation was erased.", "/uuid", "Send no more; `foreman-popcon enable` begins anew.")
        receipt = await self.appender.append(report, network_tag)
        self.metrics.count_stored()
        return answer({"status": "stored", **vars(receipt)}, 201)

    async def live(self, _: Request) -> Response:
        self.health.require_alive()
        return answer({"status": "live"})

    async def ready(self, _: Request) -> Response:
        self.health.require_ready()
        return answer({"status": "ready"})

    async def refuse(self, request: Request, refusal: Exception) -> Response:
        assert isinstance(refusal, Refusal)  # noqa: S101 - Starlette's type of a handler is wider than what it calls
        self.metrics.count_refused(type(refusal).__name__)
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
