"""`POST /data`: what happens to an upload on its way into the log."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from connection.refusals import Busy
from receiver import limits
from receiver.answers import answer
from receiver.erasure.erasures import Erasures
from receiver.http.body import read_body
from receiver.http.dry_run import explain
from receiver.log.appender import Appender
from receiver.metrics import Metrics
from receiver.networks.clients import Clients
from receiver.networks.network_tags import NetworkTags
from receiver.networks.quota import DiskBudget, Quota
from receiver.refusals import BadQuery, Erased, FromWebPage, NotJsonType, TooMany
from receiver.reports.report import Report, read_report
from vocabulary.catalogue import Catalogue

_JSON = b"application/json"


@dataclass
class Uploads:
    """Everything that an upload needs on its way into the log."""

    appender: Appender
    metrics: Metrics
    clients: Clients
    quotas: "UploadQuotas"
    tags: NetworkTags
    erasures: Erasures
    catalogue: Catalogue
    names: Path  # the operator's list, for dry runs
    clock: Callable[[], datetime]
    _dry_runs: int = field(default=0, init=False)  # under way

    async def accept(self, request: Request) -> Response:
        """Answer `POST /data`.  Raise a Refusal."""
        _refuse_web_page(request)
        now = self.clock()
        network = self.clients.network_of(request)
        is_dry_run = _is_dry_run(request)
        self.quotas.admit_request(network, now, is_dry_run=is_dry_run)
        raw = await read_body(request)
        if is_dry_run:
            return await self._explain(raw)
        self.quotas.admit_bytes(network, len(raw), now)
        return await self.store(read_report(raw), self.tags.tag(network, now))

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

    async def _explain(self, raw: bytes) -> Response:
        """Answer a dry run, in a thread of its own: uploads do not wait for it.  Raise a Refusal."""
        if self._dry_runs >= limits.DRY_RUNS_AT_ONCE_MAX:
            raise Busy("Too many dry runs are under way.", "", "Try again later.")
        self._dry_runs += 1
        try:
            explained = await asyncio.to_thread(lambda: explain(read_report(raw), self.catalogue, self.names))
        finally:
            self._dry_runs -= 1
        self.metrics.count_dry_run()
        return answer(explained)


@dataclass(frozen=True)
class UploadQuotas:
    """What networks may send, by requests and by bytes; whoever has no network is exempt."""

    uploads: Quota
    dry_runs: Quota
    size: Quota
    disk: DiskBudget

    def admit_request(self, network: bytes | None, now: datetime, *, is_dry_run: bool) -> None:
        """Raise TooMany."""
        if network is not None:
            (self.dry_runs if is_dry_run else self.uploads).admit(network, now)

    def admit_bytes(self, network: bytes | None, count: int, now: datetime) -> None:
        """Raise TooMany."""
        if network is not None:
            sent_today = self.size.admit(network, now, count)
            try:
                self.disk.admit(count, sent_today, now)
            except TooMany:
                self.size.give_back(network, count)
                raise


def _refuse_web_page(request: Request) -> None:
    """Refuse what a browser sends for a page, and forms and beacons, which need no consent of this server.

    Raise FromWebPage or NotJsonType.
    """
    headers = dict(request.scope["headers"])
    for header in (b"origin", b"sec-fetch-site"):
        if header in headers:
            name = header.decode().title()
            raise FromWebPage("Reports of web pages are not accepted.", name, "Send it from a program.")
    kind = headers.get(b"content-type", b"")
    if kind != _JSON and kind.partition(b";")[0].strip().lower() != _JSON:
        raise NotJsonType("This Content-Type is not accepted.", "Content-Type", "Send application/json.")


def _is_dry_run(request: Request) -> bool:
    """Return whether nothing may be stored.  Any other value is refused, so that no report is stored by mistake.

    Raise BadQuery.
    """
    if not request.scope["query_string"]:
        return False
    if request.query_params.multi_items() != [("dry_run", "1")]:
        raise BadQuery("This query is unknown.", "?", "Send ?dry_run=1, or leave it out.")
    return True
