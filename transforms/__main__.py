"""`python -m transforms refresh | rebuild | revise | exports | set-aside add|list|remove|suspects`."""

import argparse
import gc
import os
import sys
from collections.abc import Iterator
from contextlib import closing

from files import open_read_only
from settings import SettingError, Settings
from transforms.archive.archive import NothingPublishedError, write_archive
from transforms.archive.latest import LATEST
from transforms.editions.publisher import Revision, RevisionError
from transforms.pipeline import Refreshed, refresh
from transforms.refusals import REFUSALS
from transforms.rules import commands
from transforms.runs import require_log
from trusted_time import COMMAND, read_clocks, time_to_use
from vocabulary.rules import COLUMNS, FIELDS

_COUNTING = ("refresh", "rebuild", "revise")
_REFUSALS: tuple[type[Exception], ...] = (*REFUSALS, SettingError, NothingPublishedError, RevisionError)


def main() -> int:
    """Return the exit status: 0 done, 1 could not, 2 wrong usage."""
    arguments = _parser().parse_args()
    os.umask(0o077)  # views.db is private
    gc.disable()  # rows make no cycles, and looking for some takes a tenth of a rebuild
    try:
        settings = Settings.from_environment()
        if arguments.command in _COUNTING and not getattr(arguments, "quiet", False):
            for warning in settings.warnings:
                print(f"transforms: warning: {warning}", file=sys.stderr)
        for line in _run(arguments, settings):
            print(line)
    except _REFUSALS as error:
        print(f"transforms: {error}", file=sys.stderr)
        return 1
    return 0


def _run(arguments: argparse.Namespace, settings: Settings) -> Iterator[str]:
    """Do what is asked and yield what is to be said."""
    if arguments.command == "exports":
        yield from _archive(settings)
    elif arguments.command == "set-aside":
        yield from _set_aside(arguments, settings)
    else:
        yield from _count(arguments, settings)
        if getattr(arguments, "archive", False):
            weeks = [path.name for path in write_archive(settings) if path.name != LATEST]
            if weeks:
                yield f"{len(weeks)} weeks archived in {settings.exports}."


def _archive(settings: Settings) -> Iterator[str]:
    """Archive what is not yet."""
    is_new = False
    for path in write_archive(settings):
        is_new = True
        yield str(path)
    if not is_new:
        yield "Nothing new to archive."


def _count(arguments: argparse.Namespace, settings: Settings) -> Iterator[str]:
    """Refresh, rebuild or revise."""
    is_quiet = getattr(arguments, "quiet", False)
    revision = Revision(arguments.first_week, arguments.reason) if arguments.command == "revise" else None
    require_log(settings)
    with closing(open_read_only(settings.log)) as log:
        time = time_to_use(settings.data, log, read_clocks())
    if time.doubt and not is_quiet:
        yield f"{time.doubt} No week after {time.now:%Y-%m-%d} is closed. If it is right: `{COMMAND} --accept`"
    done = refresh(
        settings,
        time.now,
        arguments.command == "rebuild",
        doubt=time.doubt,
        without_history=getattr(arguments, "without_history", False),
        revision=revision,
        is_progress_shown=not is_quiet,
    )
    if done.told:
        yield done.told
    if revision:
        yield from _revised(revision, done)
    elif done.is_published or not is_quiet:
        yield (
            f"{done.uploads} uploads transformed, {len(done.editions)} weeks published, "
            f"public figures {'renewed' if done.is_published else 'unchanged'}."
        )


def _revised(revision: Revision, done: Refreshed) -> Iterator[str]:
    """Say which weeks were revised, and why others were not."""
    if done.editions:
        yield f"Revised: {', '.join(done.editions)}. In all other weeks no figure has changed."
    else:
        yield "No figure has changed by enough; every week stays as it is."
    if done.not_revised:
        yield (
            f"{len(done.not_revised)} weeks stay as they are, {done.not_revised[0]} to {done.not_revised[-1]}: what "
            "they had counted is not kept, because their uploads are to be purged, history.db was given up, or "
            "noise.key is another one."
        )
    if revision.first_week < done.countable_from:
        yield f"Weeks before {done.countable_from} stay as they are: their uploads are purged."


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
    refreshing.add_argument("--archive", action="store_true", help="then write what `exports` would")
    rebuilding = subcommands.add_parser("rebuild", help="build both from the log, from scratch")
    rebuilding.add_argument(
        "--without-history",
        action="store_true",
        help="give up the figures of weeks whose reports are deleted, when history.db is lost; it is put aside",
    )
    revising = subcommands.add_parser(
        "revise",
        help="count published weeks again, as after an attack",
        description="Count published weeks again under today's rules. Only figures whose true count has changed by "
        "POPCON_MIN_GROUP or more change. The reason is published. Weeks whose uploads are purged stay as they are.",
    )
    revising.add_argument("--from", dest="first_week", required=True, metavar="WEEK", help="first week, by its Monday")
    revising.add_argument("--reason", required=True, help="is published")
    subcommands.add_parser(
        "exports",
        help="archive what is published",
        description="Write each published week that is not archived yet, as CSV, JSON and Parquet, into the archive.",
    )
    rules = subcommands.add_parser("set-aside", help="exclude reports from the figures by rule, or include them again")
    actions = rules.add_subparsers(dest="action", required=True)
    adding = actions.add_parser("add", help="exclude from the next edition on")
    adding.add_argument("--field", required=True, choices=FIELDS, help="which part of a report is compared")
    adding.add_argument("--value", required=True, help="uuid, core_version and plugin can be a pattern with * and ?")
    adding.add_argument("--from", dest="first_day", default="", metavar="DAY", help="first day, such as 2026-01-05")
    adding.add_argument("--to", dest="last_day", default="", metavar="DAY", help="last day")
    adding.add_argument("--reason", required=True, help="is published, with the number of installations excluded")
    actions.add_parser("list", help="every rule with its number, and what is excluded now")
    actions.add_parser("remove", help="remove a rule by its number").add_argument("number", type=int)
    actions.add_parser("suspects", help="what looks suspicious, and which names could be listed; changes nothing")
    return parser


if __name__ == "__main__":
    sys.exit(main())
