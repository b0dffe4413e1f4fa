"""`python -m dashboard public` or `python -m dashboard explorer`: one server, in the foreground."""

import argparse
import sys

from connection.sockets import CannotListenError
from dashboard.servers import LOOPBACK, bound_memory, explorer_app, public_app, serve
from settings import SettingError, Settings


def main() -> int:
    """Return the exit status: 0 stopped on request, 1 a setting that cannot be used, 2 wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m dashboard", description="Serve the databases with Datasette.")
    servers = parser.add_subparsers(dest="server", required=True)
    servers.add_parser("public", help="the public dashboard, for everyone")
    servers.add_parser("explorer", help="the maintainers' explorer, for this machine only")
    server = parser.parse_args().server
    try:
        settings = Settings.from_environment()
        if server == "public":
            site, port = public_app(settings), settings.dashboard_port
            serve(site, settings.host, port, "POPCON_DASHBOARD_PORT", settings.trusted_proxies)
        else:
            bound_memory()
            serve(explorer_app(settings), LOOPBACK, settings.explorer_port, "POPCON_EXPLORER_PORT")
    except (SettingError, CannotListenError) as error:
        print(f"dashboard: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
