"""`python -m dashboard public` or `python -m dashboard explorer`: one server, in the foreground."""

import sys

from dashboard.servers import LOOPBACK, explorer_app, public_app, serve
from settings import SettingError, Settings

USAGE = "Usage: python -m dashboard public|explorer"


def main(arguments: list[str]) -> int:
    try:
        settings = Settings.from_environment()
    except SettingError as error:
        print(error, file=sys.stderr)
        return 2
    if arguments == ["public"]:
        serve(public_app(settings), settings.host, settings.dashboard_port)
    elif arguments == ["explorer"]:
        serve(explorer_app(settings), LOOPBACK, settings.explorer_port)
    else:
        print(USAGE, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
