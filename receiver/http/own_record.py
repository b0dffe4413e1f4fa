"""`GET /data` and `DELETE /data`: an installation sees what is stored about it, and erases it.

The uuid is the key, and is accepted in the Authorization header only.  A key that is not a uuid, one that was never
seen and one that was erased get the same answer to each of the two requests.
"""

import asyncio
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from connection.refusals import Busy
from receiver import limits
from receiver.answers import answer
from receiver.erasure import purging
from receiver.erasure.erasures import Erasures
from receiver.erasure.lookup import Found, Lookup, ViewsBehindError
from receiver.http.long_answers import LongAnswers
from receiver.log.appender import Appender
from receiver.log.log import Log
from receiver.metrics import Metrics
from receiver.networks.clients import Clients
from receiver.networks.quota import Quota
from receiver.refusals import NoKey, NothingStored, ViewsBehind

_UUID = re.compile(limits.UUID_PATTERN)
_NO_STORE = {"Cache-Control": "no-store"}


@dataclass
class OwnRecord:
    """Everything that is needed to look up an installation and to erase it."""

    appender: Appender
    erasures: Erasures
    records: Lookup
    clients: Clients
    quota: Quota
    metrics: Metrics
    refresh_seconds: int
    clock: Callable[[], datetime]
    _under_way: int = field(default=0, init=False)
    _answers: LongAnswers = field(default_factory=LongAnswers, init=False)

    async def show(self, request: Request) -> Response:
        """Answer `GET /data`.  Raise a Refusal."""
        uuid = self._key_of(request)
        with self._lookup_slot():
            found = await self._find(uuid)
            if not found.seqs or uuid in self.erasures:
                raise _nothing_stored()
            self.metrics.count_own_record("shown")
            return self._answers.answer(self.records.document(uuid, found, await self._of_purged(uuid)), _NO_STORE)

    async def erase(self, request: Request) -> Response:
        """Answer `DELETE /data`, in the same way whether anything was stored: nobody learns that.  Raise a Refusal."""
        uuid = self._key_of(request)
        now = self.clock()
        if uuid not in self.erasures:
            with self._lookup_slot():
                if await self._erase(uuid, now):
                    self.metrics.count_own_record("erased")
        night = datetime.combine(now.date() + timedelta(days=1), time(), UTC)
        response = answer(
            {
                "status": "erased",
                "new_reports": "of an erased installation are refused, with 410",
                "views_and_public_figures": f"without it from the next refresh on, within {self.refresh_seconds} "
                "seconds: the views, and every week that is not published yet; published weeks stay as they are",
                "every_byte": f"deleted from the database by the next purge, in the night of {night:%Y-%m-%d} (UTC)",
                "backups": "keep what they hold until the operator deletes them",
            }
        )
        response.headers.update(_NO_STORE)
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
                "Nothing can be looked up now.", "", "Try again later, after the operator's next refresh."
            ) from None

    async def _of_purged(self, uuid: str) -> dict[str, Any] | None:
        try:
            return await asyncio.to_thread(self.records.of_purged, uuid)
        except sqlite3.Error:
            raise ViewsBehind(
                "Nothing can be looked up now.", "", "Tell the operator that history.db cannot be read."
            ) from None

    def _key_of(self, request: Request) -> str:
        """Return the key of the Authorization header, which may not be a uuid.  Raise NoKey or TooMany."""
        network = self.clients.network_of(request)
        if network is not None:
            self.quota.admit(network, self.clock())
        scheme, _, key = ", ".join(request.headers.getlist("authorization")).partition(" ")
        if scheme.lower() != "bearer" or not key.strip():
            raise NoKey("The uuid is missing.", "Authorization", "Send `Authorization: Bearer UUID`.")
        return key.strip()

    @contextmanager
    def _lookup_slot(self) -> Iterator[None]:
        """Be one of the few look-ups at once.  Raise Busy."""
        if self._under_way >= limits.LOOKUPS_AT_ONCE_MAX:
            raise Busy("Too many look-ups are under way.", "", "Try again later.")
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1


def _nothing_stored() -> NothingStored:
    return NothingStored(
        "Nothing is stored under this uuid.",
        "Authorization",
        "Check the uuid; if it is correct, there is nothing to do.",
    )
