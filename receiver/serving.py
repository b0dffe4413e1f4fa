"""Run the receiver until it is told to stop or the log fails."""

import asyncio
import gc
import logging
import secrets
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import datetime

from connection.server import bounded_server, run_until_told
from connection.sockets import listening_sockets
from files import free_bytes
from receiver import limits
from receiver.clock import TrustedClock, explained
from receiver.erasure.erasures import Erasures
from receiver.erasure.lookup import Lookup
from receiver.erasure.nightly import NightlyMaintenance
from receiver.http.app import create_app
from receiver.http.health import Health
from receiver.http.own_record import OwnRecord
from receiver.http.uploads import UploadQuotas, Uploads
from receiver.log.appender import Appender
from receiver.log.log import Log
from receiver.metrics import Metrics
from receiver.metrics_server import serve_metrics
from receiver.networks.clients import UNNAMED_PROXY, Clients
from receiver.networks.network_tags import SALTS_FOLDER, NetworkTags
from receiver.networks.quota import DiskBudget, Quota
from settings import Settings
from trusted_time import Reading, known_time
from vocabulary.catalogue import Catalogue

_logger = logging.getLogger("receiver")
_GARBAGE_OBJECTS = 20_000  # a request leaves none; open connections grow by less, and are no reason to stop and look
_SWITCH_SECONDS = 0.0005  # a commit takes several turns, and each waits so long for an event loop that has much to do


def serve(settings: Settings, read_clocks: Callable[[], Reading]) -> int:
    """Return the exit status: 0 stopped on request, 1 because the log failed.  Hold `writer_lock`."""
    sys.setswitchinterval(_SWITCH_SECONDS)
    gc.set_threshold(_GARBAGE_OBJECTS)
    log = Log(settings.log)
    clock = TrustedClock(settings.data, read_clocks, _known_time(settings, log), lambda: log.last_seq)
    sockets = listening_sockets(settings.host, settings.receiver_port, "POPCON_RECEIVER_PORT")  # after the log
    metrics = Metrics()
    appender = Appender(log, clock, lambda: setattr(server, "should_exit", True), metrics)
    metrics.watch_clock(lambda: clock.drift_seconds)
    metrics.watch(settings.data, lambda: appender.waiting_count, log.wal_bytes)
    erasures = Erasures(log, settings.data)
    tags = NetworkTags(settings.data / SALTS_FOLDER, secrets.token_bytes)
    clients = Clients(settings.trusted_proxies, metrics.count_unnamed_proxy)
    own_record = OwnRecord(
        appender=appender,
        erasures=erasures,
        records=Lookup(settings.log, settings.views, settings.history),
        clients=clients,
        quota=Quota("look-ups", limits.NETWORK_LOOKUPS_A_MINUTE, limits.NETWORK_LOOKUPS_A_DAY),
        metrics=metrics,
        refresh_seconds=settings.refresh_seconds,
        clock=clock,
    )
    uploads = Uploads(
        appender=appender,
        metrics=metrics,
        clients=clients,
        quotas=_upload_quotas(settings),
        tags=tags,
        erasures=erasures,
        catalogue=Catalogue.read(),
        names=settings.names,
        clock=clock,
    )
    maintenance = NightlyMaintenance(
        appender=appender,
        tags=tags,
        erasures=erasures,
        settings=settings,
        retention_days=lambda: 0 if clock.doubt else settings.retention_days,
        metrics=metrics,
        clock=clock,
    )

    def warnings() -> Iterator[str]:
        yield from settings.warnings
        if clock.doubt:
            yield explained(clock.doubt)
        if clients.is_proxy_unnamed:
            yield UNNAMED_PROXY
        if maintenance.failure:
            yield f"The hourly maintenance failed ({maintenance.failure}); it is tried again within an hour."

    health = Health(appender, settings.data, lambda: read_clocks().wall, warnings)
    app = create_app(uploads, own_record, health, metrics, _background_work(appender, maintenance, clock))
    server = bounded_server(app, settings.trusted_proxies, metrics.count_refused)
    _publish_metrics(metrics, settings.metrics_port)
    run_until_told(server, sockets)
    log.close()
    if appender.is_broken:
        _logger.error("%s could not be written; the disk may be faulty. See docs/receiver.md.", settings.log)
    return int(appender.is_broken)


def _known_time(settings: Settings, log: Log) -> datetime | None:
    with log.reading() as connection:
        return known_time(settings.data, connection)


def _upload_quotas(settings: Settings) -> UploadQuotas:
    return UploadQuotas(
        uploads=Quota("uploads", limits.NETWORK_UPLOADS_A_MINUTE, limits.NETWORK_UPLOADS_A_DAY),
        dry_runs=Quota("dry runs", limits.NETWORK_DRY_RUNS_A_MINUTE, limits.NETWORK_DRY_RUNS_A_DAY),
        size=Quota(
            "bytes of reports", limits.NETWORK_BYTES_A_MINUTE, limits.NETWORK_BYTES_A_DAY, limits.NETWORK_BYTES_AT_ONCE
        ),
        disk=DiskBudget(lambda: free_bytes(settings.data)),
    )


@asynccontextmanager
async def _background_work(
    appender: Appender, maintenance: NightlyMaintenance, clock: TrustedClock
) -> AsyncIterator[None]:
    """Run the appender's thread, the nightly maintenance and the watch on the clock while requests are answered."""
    appender.start()
    tasks = [asyncio.create_task(clock.watch()), asyncio.create_task(maintenance.run())]
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    appender.stop()


def _publish_metrics(metrics: Metrics, port: int) -> None:
    """Listen on loopback.  Without the port there are no metrics, but uploads are still received."""
    try:
        serve_metrics(metrics.registry, port)
    except OSError as error:
        _logger.warning("no metrics on port %s: %s (POPCON_METRICS_PORT)", port, error.strerror)
