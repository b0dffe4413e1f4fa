"""Run the receiver until it is told to stop or the log fails."""

import logging
import resource
import secrets
import signal
from collections.abc import Callable
from datetime import datetime

import uvicorn
from prometheus_client import start_http_server

from receiver import limits
from receiver.app import create_app
from receiver.appender import Appender
from receiver.health import Health
from receiver.housekeeping import Housekeeping
from receiver.log import Log
from receiver.meter import Meter
from receiver.protocol import DoorProtocol
from receiver.quota import Quota
from receiver.reception import Reception
from receiver.records import Records
from receiver.rights import Rights
from receiver.sockets import listening_sockets
from receiver.tags import FOLDER, NetworkTags
from receiver.tombstones import Tombstones
from settings import Settings
from transforms.catalogue import Catalogue

_logger = logging.getLogger("receiver")
_STOP_SECONDS = 5  # for answers under way; two more go by for bodies under way before


def serve(settings: Settings, clock: Callable[[], datetime]) -> int:
    """Return the exit status: 0 stopped on request, 1 because the log failed.  Hold `writer_lock`."""
    log = Log(settings.log)
    sockets = listening_sockets(settings.host, settings.receiver_port)  # whoever can connect finds a log
    _allow_connections()
    meter = Meter()
    appender = Appender(log, clock, lambda: setattr(server, "should_exit", True), meter)
    meter.watch(settings.data, lambda: appender.waiting_count, log.wal_bytes)
    tombstones = Tombstones(log, settings.data)
    tags = NetworkTags(settings.data / FOLDER, secrets.token_bytes)
    rights = Rights(
        appender=appender,
        tombstones=tombstones,
        records=Records(settings.log, settings.views, settings.history),
        quota=Quota(what="look-ups", a_minute=limits.NETWORK_LOOKUPS_A_MINUTE, a_day=limits.NETWORK_LOOKUPS_A_DAY),
        meter=meter,
        trusted_proxies=settings.trusted_proxies,
        refresh_seconds=settings.refresh_seconds,
        clock=clock,
    )
    reception = Reception(
        appender=appender,
        health=Health(appender, settings.data, clock),
        meter=meter,
        quota=Quota(secrets.token_bytes),
        tags=tags,
        tombstones=tombstones,
        rights=rights,
        housekeeping=Housekeeping(appender, tags, tombstones, settings, meter, clock),
        catalogue=Catalogue.read(),
        trusted_proxies=settings.trusted_proxies,
        clock=clock,
    )
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(reception),
            http=DoorProtocol,
            ws="none",
            access_log=False,  # no address is ever written down
            proxy_headers=False,
            server_header=False,
            log_level="warning",
            timeout_keep_alive=limits.IDLE_SECONDS_MAX,
            timeout_graceful_shutdown=_STOP_SECONDS,
        )
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        # uvicorn raises a signal again when it has stopped; the log is still to be closed then
        signal.signal(number, lambda *_: setattr(server, "should_exit", True))
    _publish_metrics(meter, settings.metrics_port)
    server.run(sockets)
    log.close()
    if appender.is_broken:
        _logger.error("%s could not be written, a fault of the disk perhaps; see docs/receiver.md.", settings.log)
    return int(appender.is_broken)


def _publish_metrics(meter: Meter, port: int) -> None:
    """Listen on loopback.  Uploads are worth more than figures about them: without the port there are none."""
    try:
        start_http_server(port, "127.0.0.1", meter.registry)
    except OSError as error:
        _logger.warning("no metrics on port %s: %s (POPCON_METRICS_PORT)", port, error.strerror)


def _allow_connections() -> None:
    """Raise the bound on open files to what the receiver's own bound on connections needs."""
    wanted = limits.CONNECTIONS_MAX + 100
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))
