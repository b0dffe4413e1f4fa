"""`POST /data`: what happens to an upload on its way into the log."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from receiver.answers import answer
from receiver.erasure.erasures import Erasures
from receiver.http.body import read_body
from receiver.http.dry_run import explain
from receiver.log.appender import Appender
from receiver.metrics import Metrics
from receiver.networks.clients import Network, network_of_client
from receiver.networks.network_tags import NetworkTags
from receiver.networks.quota import Quota
from receiver.refusals import BadQuery, Erased
from receiver.reports.report import Report, read_report
from vocabulary.catalogue import Catalogue


@dataclass(frozen=True)
class Uploads:
    """Everything that an upload needs on its way into the log."""

    appender: Appender
    metrics: Metrics
    quota: Quota
    tags: NetworkTags
    erasures: Erasures
    catalogue: Catalogue
    trusted_proxies: tuple[Network, ...]
    clock: Callable[[], datetime]

    async def accept(self, request: Request) -> Response:
        """Answer `POST /data`.  Raise a Refusal."""
        now = self.clock()
        peer = request.client.host if request.client else None
        network = network_of_client(peer, request.headers.getlist("x-forwarded-for"), self.trusted_proxies)
        if network is not None:
            self.quota.admit(network, now)
        is_dry_run = _is_dry_run(request)
        report = read_report(await read_body(request))
        if is_dry_run:
            self.metrics.count_dry_run()
            return answer(explain(report, self.catalogue))
        return await self.store(report, self.tags.tag(network, now))

    async def store(self, report: Report, network_tag: bytes | None) -> Response:
        """Append a report and answer once it is durable.  Raise a Refusal."""
        if self.erasures.refuses(report.uuid):
            raise Erased(
                "This installation was erased.",
                "/uuid",
                "Send no more reports; `foreman-popcon enable` starts again with a new uuid.",
            )
        receipt = await self.appender.append(report, network_tag)
        self.metrics.count_stored()
        return answer({"status": "stored", **vars(receipt)}, 201)


def _is_dry_run(request: Request) -> bool:
    """Return whether nothing may be stored.  Any other value is refused, so that no report is stored by mistake.

    Raise BadQuery.
    """
    asked = request.query_params.getlist("dry_run")
    if asked and asked != ["1"]:
        raise BadQuery("This value of dry_run is unknown.", "dry_run", "Send ?dry_run=1, or leave it out.")
    return bool(asked)
