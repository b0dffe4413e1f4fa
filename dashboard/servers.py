"""The two servers: the public dashboard, and the maintainers' explorer, which never leaves this machine."""

import signal
import sys
from types import FrameType

import uvicorn
from datasette.plugins import pm  # type: ignore[import-untyped]  # Datasette ships no types

from dashboard import hooks
from dashboard.site import Dashboard
from settings import Settings

LOOPBACK = "127.0.0.1"

if not pm.is_registered(hooks):
    pm.register(hooks)

# Where `rich` happens to be installed, Datasette prints each 404 with every local variable: the request, whole.
pm.get_plugin("datasette.handle_exception").rich = None


def public_app(settings: Settings) -> Dashboard:
    return Dashboard("public", settings.public, is_public=True)


def explorer_app(settings: Settings) -> Dashboard:
    return Dashboard("views", settings.views, is_public=False)


def serve(site: Dashboard, host: str, port: int) -> None:
    """Until SIGTERM or SIGINT.  No access log: the client's address is written nowhere."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)  # uvicorn raises the signal again once it has stopped; that is no failure
    uvicorn.run(
        site.app(),
        host=host,
        port=port,
        access_log=False,
        log_level="warning",
        proxy_headers=False,
        server_header=False,
        http="httptools",
        loop="asyncio",  # whatever else is installed
        timeout_graceful_shutdown=5,
    )


def _stop(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)
