"""`python -m transforms refresh | rebuild | exports`."""

import argparse
import os
import sqlite3
import sys
from datetime import UTC, datetime

from settings import SettingError, Settings
from transforms.exports import NothingPublishedError, write_exports
from transforms.pipeline import NoLogError, refresh
from transforms.publication import NotPublishedError
from transforms.rules import RuleError

_REFUSALS = (SettingError, NoLogError, NothingPublishedError, NotPublishedError, RuleError)


def main() -> int:
    """Return the exit status: 0 done, 1 could not, 2 wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m transforms", description="Turn the log into figures.")
    commands = parser.add_subparsers(dest="command", required=True)
    refreshing = commands.add_parser("refresh", help="bring views.db and public.db up to date with the log")
    refreshing.add_argument("--quiet", action="store_true", help="say nothing where nothing was new")
    commands.add_parser("rebuild", help="build both anew from the log")
    commands.add_parser("exports", help="write the public tables as CSV and JSON")
    arguments = parser.parse_args()
    os.umask(0o077)  # views.db is private
    try:
        settings = Settings.from_environment()
        if arguments.command == "exports":
            for path in write_exports(settings):
                print(path)
        else:
            done = refresh(settings, datetime.now(UTC), rebuild=arguments.command == "rebuild")
            if done.is_published or not getattr(arguments, "quiet", False):
                print(
                    f"{done.uploads} uploads transformed, {done.weeks} weeks counted, "
                    f"public figures {'published' if done.is_published else 'unchanged'}."
                )
    except (
        SettingError,
        NoLogError,
        NothingPublishedError,
        NotPublishedError,
        RuleError,
        OSError,
        sqlite3.Error,
    ) as error:
        print(f"transforms: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
