"""`GET /data` and `DELETE /data`: an installation sees what is stored of it, and takes it back.

The uuid is the key, and comes in the Authorization header only.  A key that is none, one that was never seen and one
that was erased get the same answer.
"""

import asyncio
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from receiver import limits
from receiver.answers import answer
from receiver.erasure import purging
from receiver.erasure.erasures import Erasures
from receiver.erasure.lookup import Found, Lookup, ViewsBehindError
from receiver.log.appender import Appender
from receiver.log.log import Log
from receiver.metrics import Metrics
from receiver.networks.clients import Network, network_of_client
from receiver.networks.quota import Quota
from receiver.refusals import Busy, NoKey, NothingStored, ViewsBehind

_UUID = re.compile(limits.UUID_PATTERN)
_NEVER_KEPT = {"Cache-Control": "no-store"}


@dataclass
class OwnRecord:
    """What it takes to look an installation up and to erase it."""

    appender: Appender
    erasures: Erasures
    records: Lookup
    quota: Quota
    metrics: Metrics
    trusted_proxies: tuple[Network, ...]
    refresh_seconds: int
    clock: Callable[[], datetime]
    _under_way: int = field(default=0, init=False)

    async def show(self, request: Request) -> Response:
        """Answer `GET /data`.  Raise a Refusal."""
        uuid = self._key_of(request)
        with self._turn():
            found = await self._find(uuid)
            if not found.seqs or uuid in self.erasures:
                raise _nothing_stored()
            self.metrics.count_right("shown")
            return StreamingResponse(
                self.records.document(uuid, found), headers=_NEVER_KEPT, media_type="application/json"
            )

    async def erase(self, request: Request) -> Response:
        """Answer `DELETE /data`.  To ask again is no fault: the first answer may have been lost.  Raise a Refusal."""
        uuid = self._key_of(request)
        now = self.clock()
        uploads = 0
        if uuid not in self.erasures:
            with self._turn():
                uploads = await self._erase(uuid, now)
            if not uploads and uuid not in self.erasures:
                raise _nothing_stored()
        self.metrics.count_right("erased")
        night = datetime.combine(now.date() + timedelta(days=1), time(), UTC)
        response = answer(
            {
                "status": "erased",
                "uploads": uploads,
                "new_reports": "refused from now on, with 410",
                "views_and_public_figures": f"made without it at the next refresh, due within {self.refresh_seconds} "
                "seconds; figures of weeks whose reports have gone already stay as they are",
                "every_byte": f"gone from the database with the next purge, in the night of {night:%Y-%m-%d} (UTC)",
                "backups": "keep what they hold until the operator throws them away",
            }
        )
        response.headers.update(_NEVER_KEPT)
        return response

    async def _erase(self, uuid: str, now: datetime) -> int:
        found = await self._find(uuid)
        erasure = (self.erasures.hmac_of(uuid), self.erasures.key_check)

        def record(log: Log) -> int:
            return purging.record_erasure(log, uuid, erasure, found, now)

        self.erasures.begin(uuid)
        try:
            uploads = await self.appender.run(record)
        except Exception:
            self.erasures.end(uuid, is_erased=False)
            raise
        self.erasures.end(uuid, is_erased=uploads > 0)
        return uploads

    async def _find(self, uuid: str) -> Found:
        if not _UUID.fullmatch(uuid):
            return Found([], 0)
        try:
            return await asyncio.to_thread(self.records.find, uuid)
        except ViewsBehindError:
            raise ViewsBehind(
                "Nothing can be looked up now.", "", "Ask again later; the operator's next refresh mends it."
            ) from None

    def _key_of(self, request: Request) -> str:
        """Return what stands where the uuid should.  Raise NoKey or TooMany."""
        peer = request.client.host if request.client else None
        network = network_of_client(peer, request.headers.getlist("x-forwarded-for"), self.trusted_proxies)
        if network is not None:
            self.quota.admit(network, self.clock())
        scheme, _, key = ", ".join(request.headers.getlist("authorization")).partition(" ")
        if scheme.lower() != "bearer" or not key.strip():
            raise NoKey("The uuid is missing.", "Authorization", "Send `Authorization: Bearer UUID`.")
        return key.strip()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if self._under_way >= limits.LOOKUPS_AT_ONCE_MAX:
            raise Busy("Too many look-ups are under way.", "", "Ask again later.")
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1


def _nothing_stored() -> NothingStored:
    return NothingStored("Nothing is stored under this uuid.", "Authorization", "Check the uuid, or leave it at that.")
