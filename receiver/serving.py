"""Run the receiver until it is told to stop or the log fails."""

import asyncio
import contextlib
import logging
import resource
import secrets
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

import uvicorn
from prometheus_client import start_http_server
from starlette.types import ASGIApp

from receiver import limits
from receiver.connection.protocol import BoundedProtocol
from receiver.connection.sockets import listening_sockets
from receiver.erasure.erasures import Erasures
from receiver.erasure.lookup import Lookup
from receiver.erasure.nightly import NightlyMaintenance
from receiver.http.app import create_app
from receiver.http.health import Health
from receiver.http.own_record import OwnRecord
from receiver.http.uploads import Uploads
from receiver.log.appender import Appender
from receiver.log.log import Log
from receiver.metrics import Metrics
from receiver.networks.network_tags import SALTS_FOLDER, NetworkTags
from receiver.networks.quota import Quota
from settings import Settings
from vocabulary.catalogue import Catalogue

_logger = logging.getLogger("receiver")
_STOP_SECONDS = 5  # for answers under way; bodies that are still arriving get STOP_SECONDS_MAX before


def serve(settings: Settings, clock: Callable[[], datetime]) -> int:
    """Return the exit status: 0 stopped on request, 1 because the log failed.  Hold `writer_lock`."""
    log = Log(settings.log)
    sockets = listening_sockets(settings.host, settings.receiver_port)  # after the log, which the first client needs
    _allow_connections()
    metrics = Metrics()
    appender = Appender(log, clock, lambda: setattr(server, "should_exit", True), metrics)
    metrics.watch(settings.data, lambda: appender.waiting_count, log.wal_bytes)
    erasures = Erasures(log, settings.data)
    tags = NetworkTags(settings.data / SALTS_FOLDER, secrets.token_bytes)
    own_record = OwnRecord(
        appender=appender,
        erasures=erasures,
        records=Lookup(settings.log, settings.views, settings.history),
        quota=Quota(what="look-ups", a_minute=limits.NETWORK_LOOKUPS_A_MINUTE, a_day=limits.NETWORK_LOOKUPS_A_DAY),
        metrics=metrics,
        trusted_proxies=settings.trusted_proxies,
        refresh_seconds=settings.refresh_seconds,
        clock=clock,
    )
    uploads = Uploads(
        appender=appender,
        metrics=metrics,
        quota=Quota(secrets.token_bytes),
        tags=tags,
        erasures=erasures,
        catalogue=Catalogue.read(),
        trusted_proxies=settings.trusted_proxies,
        clock=clock,
    )
    health = Health(appender, settings.data, clock)
    maintenance = NightlyMaintenance(appender, tags, erasures, settings, metrics, clock)
    server = _server(create_app(uploads, own_record, health, metrics, _background_work(appender, maintenance)))
    for number in (signal.SIGINT, signal.SIGTERM):
        # uvicorn raises a signal again when it has stopped, but the log must still be closed then
        signal.signal(number, lambda *_: setattr(server, "should_exit", True))
    _publish_metrics(metrics, settings.metrics_port)
    server.run(sockets)
    log.close()
    if appender.is_broken:
        _logger.error("%s could not be written; the disk may be faulty. See docs/receiver.md.", settings.log)
    return int(appender.is_broken)


def _server(app: ASGIApp) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            app,
            http=BoundedProtocol,
            loop="asyncio",  # whatever else is installed
            ws="none",
            access_log=False,  # no address is ever logged
            proxy_headers=False,
            server_header=False,
            log_level="warning",
            timeout_keep_alive=limits.IDLE_SECONDS_MAX,
            timeout_graceful_shutdown=_STOP_SECONDS,
        )
    )


@asynccontextmanager
async def _background_work(appender: Appender, maintenance: NightlyMaintenance) -> AsyncIterator[None]:
    """Run the appender's thread and the nightly maintenance while requests are answered."""
    appender.start()
    maintaining = asyncio.create_task(maintenance.run())
    yield
    maintaining.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await maintaining
    appender.stop()


def _publish_metrics(metrics: Metrics, port: int) -> None:
    """Listen on loopback.  Without the port there are no metrics, but uploads are still received."""
    try:
        start_http_server(port, "127.0.0.1", metrics.registry)
    except OSError as error:
        _logger.warning("no metrics on port %s: %s (POPCON_METRICS_PORT)", port, error.strerror)


def _allow_connections() -> None:
    """Raise the limit on open files to what the receiver's own limit on connections needs."""
    wanted = limits.CONNECTIONS_MAX + 100
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))
