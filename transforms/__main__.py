"""`python -m transforms refresh | rebuild | exports | set-aside add|list|remove|suspects`."""

import argparse
import gc
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing

from checksums import DamagedFileError, UnreadableFileError
from files import open_read_only
from settings import SettingError, Settings
from transforms.pipeline import refresh
from transforms.publishing.checking import NotPublishedError
from transforms.publishing.exports import NothingPublishedError, write_exports
from transforms.rules import commands
from transforms.runs import NoLogError, require_log
from trusted_time import COMMAND, ClockBehindError, read_clocks, time_to_use
from vocabulary.rules import COLUMNS, FIELDS, RuleError

_REFUSALS = (
    SettingError,
    NoLogError,
    NothingPublishedError,
    NotPublishedError,
    RuleError,
    ClockBehindError,
    DamagedFileError,
    UnreadableFileError,
)


def main() -> int:
    """Return the exit status: 0 done, 1 could not, 2 wrong usage."""
    arguments = _parser().parse_args()
    os.umask(0o077)  # views.db is private
    gc.disable()  # rows make no cycles, and looking for some takes a tenth of a rebuild
    try:
        settings = Settings.from_environment()
        if arguments.command in ("refresh", "rebuild") and not getattr(arguments, "quiet", False):
            for warning in settings.warnings:
                print(f"transforms: warning: {warning}", file=sys.stderr)
        for line in _run(arguments, settings):
            print(line)
    except (*_REFUSALS, OSError, sqlite3.Error) as error:
        print(f"transforms: {error}", file=sys.stderr)
        return 1
    return 0


def _run(arguments: argparse.Namespace, settings: Settings) -> Iterator[str]:
    """Do what is asked and yield what is to be said."""
    if arguments.command == "exports":
        yield from map(str, write_exports(settings))
    elif arguments.command == "set-aside":
        yield from _set_aside(arguments, settings)
    else:
        is_rebuild, is_quiet = arguments.command == "rebuild", getattr(arguments, "quiet", False)
        require_log(settings)
        with closing(open_read_only(settings.log)) as log:
            time = time_to_use(settings.data, log, read_clocks())
        if time.doubt and not is_quiet:
            yield f"{time.doubt} No week after {time.now:%Y-%m-%d} is closed. If it is right: `{COMMAND} --accept`"
        done = refresh(
            settings,
            time.now,
            is_rebuild,
            doubt=time.doubt,
            without_history=getattr(arguments, "without_history", False),
            is_progress_shown=not is_quiet,
        )
        if done.is_published or not is_quiet:
            yield (
                f"{done.uploads} uploads transformed, {done.weeks} weeks counted, "
                f"public figures {'published' if done.is_published else 'unchanged'}."
            )
        if done.countable_from:
            yield (
                f"Weeks before {done.countable_from} cannot be counted again because their uploads are purged; "
                f"the figures of {done.kept_weeks} of them come from history.db."
            )


def _set_aside(arguments: argparse.Namespace, settings: Settings) -> Iterator[str]:
    if arguments.action == "add":
        yield commands.add(settings.rules, {column: getattr(arguments, column) for column in COLUMNS})
    elif arguments.action == "remove":
        yield commands.remove(settings.rules, arguments.number)
    else:
        yield from (commands.listed if arguments.action == "list" else commands.suspects)(settings)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m transforms", description="Turn the log into figures.")
    subcommands = parser.add_subparsers(dest="command", required=True)
    refreshing = subcommands.add_parser("refresh", help="bring views.db and public.db up to date with the log")
    refreshing.add_argument("--quiet", action="store_true", help="print nothing when nothing is new")
    rebuilding = subcommands.add_parser("rebuild", help="build both from the log, from scratch")
    rebuilding.add_argument(
        "--without-history",
        action="store_true",
        help="give up the figures of weeks whose reports are deleted, when history.db is lost; it is put aside",
    )
    subcommands.add_parser("exports", help="write the public tables as CSV and JSON")
    rules = subcommands.add_parser("set-aside", help="exclude reports from the figures by rule, or include them again")
    actions = rules.add_subparsers(dest="action", required=True)
    adding = actions.add_parser("add", help="exclude from the next refresh on")
    adding.add_argument("--field", required=True, choices=FIELDS, help="which part of a report is compared")
    adding.add_argument("--value", required=True, help="uuid, core_version and plugin can be a pattern with * and ?")
    adding.add_argument("--from", dest="first_day", default="", metavar="DAY", help="first day, such as 2026-01-05")
    adding.add_argument("--to", dest="last_day", default="", metavar="DAY", help="last day")
    adding.add_argument("--reason", required=True, help="is published, with the number of installations excluded")
    actions.add_parser("list", help="every rule with its number, and what is excluded now")
    actions.add_parser("remove", help="remove a rule by its number").add_argument("number", type=int)
    actions.add_parser("suspects", help="what looks suspicious; excludes nothing")
    return parser


if __name__ == "__main__":
    sys.exit(main())
