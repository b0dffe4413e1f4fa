"""`python -m receiver serve | import-log FILE | export-log FILE`."""

import argparse
import os
import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path

import uvicorn

from receiver.app import create_app
from receiver.lock import LogInUseError, writer_lock
from receiver.log import Log, LogNotDurableError
from receiver.transfer import export_lines, import_lines
from settings import SettingError, Settings


def main() -> int:
    """Return the exit status: 0 done, 1 could not, 2 wrong usage."""
    arguments = _parser().parse_args()
    os.umask(0o077)  # the log is private
    try:
        settings = Settings.from_environment()
        if arguments.command == "export-log":
            return _export_log(settings, arguments.file)
        settings.data.mkdir(parents=True, exist_ok=True)
        with writer_lock(settings.data, arguments.command):
            if arguments.command == "import-log":
                return _import_log(settings, arguments.file)
            return _serve(settings)
    except (SettingError, LogInUseError, LogNotDurableError, OSError, sqlite3.Error) as error:
        print(f"receiver: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m receiver", description="Keep the log of uploads.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="receive uploads over HTTP")
    for name, does in (("import-log", "append uploads from FILE"), ("export-log", "write the whole log to FILE")):
        command = commands.add_parser(name, help=f"{does}, one JSON object a line")
        command.add_argument("file", type=Path, metavar="FILE")
    return parser


def _serve(settings: Settings) -> int:
    log = Log(settings.log)
    config = uvicorn.Config(
        create_app(log, _now, lambda: setattr(server, "should_exit", True)),
        host=settings.host,
        port=settings.receiver_port,
        http="httptools",  # h11 takes Content-Length together with Transfer-Encoding
        ws="none",
        access_log=False,  # no address is ever written down
        proxy_headers=False,
        server_header=False,
        log_level="warning",
        timeout_graceful_shutdown=5,
    )
    server = uvicorn.Server(config)
    server.run()
    log.close()
    return 0


def _import_log(settings: Settings, file: Path) -> int:
    log = Log(settings.log)
    with file.open("rb") as lines:
        imported = import_lines(log, lines, tell=lambda sentence: print(sentence, file=sys.stderr))
    log.close()
    print(f"{imported.appended} uploads appended, {imported.refused} lines refused.")
    return 0


def _export_log(settings: Settings, file: Path) -> int:
    connection = sqlite3.connect(f"{settings.log.as_uri()}?mode=ro", uri=True)
    with file.open("w", encoding="utf-8") as out:
        uploads = sum(1 for line in export_lines(connection) if out.write(line + "\n"))
    print(f"{uploads} uploads written to {file}.")
    return 0


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


if __name__ == "__main__":
    sys.exit(main())
