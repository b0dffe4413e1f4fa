"""Writes the uploads of a simulated community, or posts them to a receiver.  See README.md next to this file."""

import argparse
import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import NoReturn

from progress import progress_bar
from simulation.community import DEFAULT_UNTIL, Community, CommunityError
from simulation.installations.installation import WEEK_SECONDS
from simulation.labels import labelled
from simulation.posting import NO_ANSWER, Poster, PostError, Target
from simulation.scenarios import SCENARIOS
from simulation.uploads import EPOCH, Upload


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"simulation: {message}\n")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r}: give a day such as {DEFAULT_UNTIL}") from None


def _target(url: str) -> Target:
    try:
        return Target.from_url(url)
    except PostError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = _Parser(prog="python -m simulation", description=__doc__, allow_abbrev=False)
    parser.add_argument("--installations", type=int, default=3000, help="in all over the time (default 3000)")
    parser.add_argument("--weeks", type=int, default=156, help="how many (default 156)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed, the same bytes (default 1)")
    parser.add_argument(
        "--until", type=_day, default=DEFAULT_UNTIL, help=f"the Monday after the last week (default {DEFAULT_UNTIL})"
    )
    parser.add_argument("--scenario", action="extend", nargs="+", default=[], help=f"add {', '.join(SCENARIOS)}")
    parser.add_argument("--labels", type=Path, help="write here which uploads are a scenario's")
    parser.add_argument("--output", default="-", help="the file to write; - is standard output (default)")
    parser.add_argument("--post", type=_target, metavar="URL", help="post instead, to http://127.0.0.1:8000/data say")
    parser.add_argument("--per-second", type=float, metavar="R", help="with --post: so many a second, not flat out")
    arguments = parser.parse_args(words)
    if arguments.per_second is not None and (not arguments.post or not arguments.per_second > 0):
        parser.error("--per-second: give it with --post, and a number above 0")
    if arguments.post and arguments.output != "-":
        parser.error("--post, --output: give one of the two")
    return arguments


def _shown(uploads: Iterable[Upload], community: Community, does: str) -> Iterator[Upload]:
    """Yield the uploads while a bar on standard error moves through the simulated weeks."""
    first = (community.first_day - EPOCH) * 86_400
    with progress_bar(community.weeks, "weeks", does) as bar:
        for count, upload in enumerate(uploads):
            if count % 64 == 0:
                bar.update((upload.received_at - first) // WEEK_SECONDS - bar.n)
            yield upload
        bar.update(community.weeks - bar.n)


def _write(uploads: Iterable[Upload], output: str) -> None:
    lines = (upload.line() for upload in uploads)
    if output == "-":
        sys.stdout.buffer.writelines(lines)
        sys.stdout.buffer.flush()
    else:
        with Path(output).open("wb") as file:
            file.writelines(lines)


def _post(uploads: Iterable[Upload], target: Target, per_second: float | None) -> int:
    """Post all, say on standard error how they were answered, and return the exit status: 0 if all were accepted."""
    poster = Poster(target, time.monotonic, time.sleep, per_second)
    began = time.monotonic()
    for upload in uploads:
        poster.post(upload.body())
    answers = poster.finish()
    seconds = time.monotonic() - began
    total = sum(answers.values())
    print(f"{total:,} posted in {seconds:.1f} s, {total / max(seconds, 1e-9):,.0f} a second", file=sys.stderr)
    for status, count in sorted(answers.items()):
        print(f"  {'no answer' if status == NO_ANSWER else status}: {count:,}", file=sys.stderr)
    return 0 if all(200 <= status < 300 for status in answers) else 1


def main(words: Sequence[str] | None = None) -> int:
    """Return 0 when done, 1 where writing or posting failed, 2 for arguments that cannot be used."""
    arguments = _arguments(words)
    try:
        community = Community(
            arguments.installations,
            arguments.weeks,
            arguments.seed,
            until=arguments.until,
            scenarios=arguments.scenario,
        )
    except CommunityError as error:
        print(f"simulation: {error}", file=sys.stderr)
        return 2
    try:
        with ExitStack() as files:
            labels = files.enter_context(arguments.labels.open("wb")) if arguments.labels else None
            uploads = labelled(community.uploads(), labels)
            if arguments.post:
                return _post(_shown(uploads, community, "Posting"), arguments.post, arguments.per_second)
            _write(_shown(uploads, community, "Simulating"), arguments.output)
            return 0
    except BrokenPipeError:
        # The reader (`head`) has seen enough; keep Python from complaining about it once more on its way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except PostError as error:
        print(f"simulation: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"simulation: {error.filename or arguments.output}: {error.strerror}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
