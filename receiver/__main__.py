"""`python -m receiver serve | import-log FILE | export-log FILE | check-log | salvage FILE | purge | clock`."""

import argparse
import logging
import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from connection.sockets import CannotListenError
from files import LinkNotFollowedError
from progress import lines_with_progress, progress_bar
from receiver import clock_commands
from receiver.erasure.erasures import ErasureKeyError, Erasures
from receiver.erasure.nightly import purge_now
from receiver.log.gaps import Gaps
from receiver.log.high_water_mark import UnreadableMarkError
from receiver.log.inspection import DamagedLogError, check_everything
from receiver.log.integrity import last_seq
from receiver.log.lock import LogInUseError, writer_lock
from receiver.log.log import Log, LogNotDurableError
from receiver.log.opening import ReadOnlyFolderError, open_log_read_only
from receiver.log.published_weeks import late_in_words
from receiver.log.salvage import salvage_lines
from receiver.log.transfer import export_lines, import_lines
from settings import SettingError, Settings
from trusted_time import BEHIND_MAX, ClockBehindError, read_clocks, time_to_use, utc_text

_COMMANDS = {
    "serve": "receive uploads over HTTP",
    "import-log": "append uploads from FILE, one JSON object per line",
    "export-log": "write the whole log to FILE, one JSON object per line",
    "check-log": "read the whole log and report everything that is damaged",
    "purge": "delete what is erased or too old, as the receiver does each night; only while no receiver runs",
    "clock": "say whether the clock is trusted; --accept it, or --repair times that a wrong clock has written",
    "salvage": "save the intact uploads of a damaged log to FILE, in the form of export-log",
}
_REFUSALS = (
    SettingError,
    LinkNotFollowedError,
    LogInUseError,
    LogNotDurableError,
    DamagedLogError,
    UnreadableMarkError,
    ReadOnlyFolderError,
    CannotListenError,
    ErasureKeyError,
    ClockBehindError,
    clock_commands.ClockCommandError,
)


def main() -> int:
    """Return the exit status: 0 done, 1 could not, 2 wrong usage."""
    arguments = _parser().parse_args()
    os.umask(0o077)  # the log is private
    logging.basicConfig(format="%(name)s: %(message)s", level=logging.WARNING)
    try:
        settings = Settings.from_environment()
    except SettingError as error:
        return _fail(error)
    try:
        return _run(arguments, settings)
    except _REFUSALS as error:
        return _fail(error)
    except OSError as error:
        return _fail(f"{error.filename or settings.data}: {error.strerror}. {_likely_cause(settings.data)}")
    except sqlite3.Error as error:
        return _fail(f"{settings.log}: {error}. {_likely_cause(settings.data)}")


def _run(arguments: argparse.Namespace, settings: Settings) -> int:
    command, file = arguments.command, getattr(arguments, "file", Path())
    if command == "clock":
        return _clock(settings, arguments)
    if command in _READERS:
        return _READERS[command](settings, file)
    settings.data.mkdir(parents=True, exist_ok=True)
    with writer_lock(settings.data, command):
        if command == "import-log":
            return _import_log(settings, file)
        if command == "purge":
            return _purge(settings)
        for warning in settings.warnings:
            print(f"receiver: warning: {warning}", file=sys.stderr, flush=True)
        from receiver.serving import serve  # its libraries are not needed by the other commands

        return serve(settings, read_clocks)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m receiver", description="Receive uploads and maintain their log.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, does in _COMMANDS.items():
        command = commands.add_parser(name, help=does, description=does)
        if "FILE" in does:
            command.add_argument("file", type=Path, metavar="FILE")
        if name == "clock":
            choices = command.add_mutually_exclusive_group()
            choices.add_argument("--accept", action="store_true", help="the clock is right: go by it from now on")
            choices.add_argument(
                "--repair",
                action="store_true",
                help="the clock is right: say which uploads have a time yet to come, and with --yes give them the time "
                "of the last one before them; only while no receiver runs",
            )
            command.add_argument("--yes", action="store_true", help="with --repair: change the times")
    return parser


def _import_log(settings: Settings, file: Path) -> int:
    with closing(Log(settings.log)) as log, file.open("rb") as lines:
        erasures = Erasures(log, settings.data)
        read = lines_with_progress(lines, "Importing")
        now = utc_text(read_clocks().wall + BEHIND_MAX)
        last_seq_before = log.last_seq
        imported = import_lines(log, read, lambda said: print(said, file=sys.stderr), erasures.refuses, now)
        with log.reading() as connection:
            late = late_in_words(connection, settings.editions, last_seq_before)
    already_there = f"{imported.already_there} already in the log, " if imported.already_there else ""
    print(f"{imported.appended} uploads appended, {already_there}{imported.refused} lines refused.")
    if late:
        print(late)
    return 0


def _purge(settings: Settings) -> int:
    with closing(Log(settings.log)) as log:
        with closing(open_log_read_only(settings.log)) as reading:
            time = time_to_use(settings.data, reading, read_clocks())
        if time.doubt:
            print(f"{time.doubt} Only what is erased is deleted, nothing for its age.", file=sys.stderr)
        days = 0 if time.doubt else settings.retention_days
        uploads = purge_now(log, Erasures(log, settings.data), settings, days, time.now)
    print(f"{uploads} uploads deleted; no byte of them is left in {settings.log}.")
    return 0


def _export_log(settings: Settings, file: Path) -> int:
    uploads = 0
    with (
        closing(open_log_read_only(settings.log)) as connection,
        file.open("w", encoding="utf-8") as out,
        progress_bar(last_seq(connection, Gaps.read(connection)), "uploads", "Exporting") as bar,
    ):
        for line in export_lines(connection):
            out.write(line + "\n")
            uploads += 1
            bar.update()
    print(f"{uploads} uploads written to {file}.")
    return 0


def _clock(settings: Settings, arguments: argparse.Namespace) -> int:
    asked = {"accepts": arguments.accept, "repairs": arguments.repair, "is_confirmed": arguments.yes}
    for line in clock_commands.run(settings, read_clocks(), **asked):
        print(line)
    return 0


def _check_log(settings: Settings, _: Path) -> int:
    faults = 0
    for fault in check_everything(settings.log):
        faults += 1
        print(fault)
    if faults:
        return _fail(f'{settings.log}: {faults} faults. See "Refusals to start" in docs/receiver.md.')
    print(f"{settings.log} is intact.")
    return 0


def _salvage(settings: Settings, file: Path) -> int:
    intact = lost = 0
    with file.open("x", encoding="utf-8") as out:
        try:
            for seq, line in salvage_lines(settings.log):
                if line is None:
                    lost += 1
                    print(f"upload {seq} is not intact", file=sys.stderr)
                else:
                    intact += 1
                    out.write(line + "\n")
        except ReadOnlyFolderError:
            file.unlink()  # nothing was read, and the next attempt refuses a file that exists
            raise
    print(f"{intact} uploads written to {file}, {lost} are not intact.")
    return 0


_READERS = {"check-log": _check_log, "export-log": _export_log, "salvage": _salvage}


def _likely_cause(folder: Path) -> str:
    """Return the most frequent cause of a file that cannot be used."""
    who = f"This runs as user {os.geteuid()}"
    if not folder.exists():
        return f"{who}; the folder (POPCON_DATA) does not exist."
    return f"{who}; the folder (POPCON_DATA) belongs to {folder.stat().st_uid} and must be writable and have space."


def _fail(why: object) -> int:
    print(f"receiver: {why}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
