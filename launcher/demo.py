"""`make demo`: an empty log, filled with a simulated community."""

import os
import sqlite3
import sys
from datetime import UTC, datetime
from subprocess import PIPE, Popen

from receiver.lock import LogInUseError, writer_lock
from receiver.log import Log, LogNotDurableError
from receiver.transfer import import_lines
from settings import SettingError, Settings
from transforms.pipeline import refresh
from transforms.publication import NotPublishedError

INSTALLATIONS = 3_000
WEEKS = 156
SEED = 2016  # the year of the proposal
SIMULATION = [
    *(sys.executable, "-m", "simulation"),
    *("--installations", str(INSTALLATIONS), "--weeks", str(WEEKS), "--seed", str(SEED)),
]


class LogHoldsUploadsError(RuntimeError):
    """A simulated community never joins uploads that are there already."""


def main() -> int:
    """Return the exit status: 0 done, 1 could not."""
    os.umask(0o077)  # the log is private
    try:
        settings = Settings.from_environment()
        settings.data.mkdir(parents=True, exist_ok=True)
        print(f"Simulating {INSTALLATIONS} installations over {WEEKS} weeks ...", flush=True)
        uploads = _fill(settings)
        print(f"{uploads} uploads are in {settings.log}; counting them ...", flush=True)
        weeks = refresh(settings, datetime.now(UTC)).weeks
    except (
        SettingError,
        LogInUseError,
        LogHoldsUploadsError,
        LogNotDurableError,
        NotPublishedError,
        OSError,
        sqlite3.Error,
    ) as error:
        print(f"make demo: {error}", file=sys.stderr)
        return 1
    print(f"{weeks} weeks are counted. Look at them: make run")
    return 0


def _fill(settings: Settings) -> int:
    """Return how many uploads the log has now.  Raise LogHoldsUploadsError if it had any before."""
    with writer_lock(settings.data, "make demo"):
        log = Log(settings.log)
        try:
            if log.last_seq:
                raise LogHoldsUploadsError(
                    f"{settings.log} holds uploads already, and simulated ones never join them. "
                    "Give the demo a folder of its own: make demo POPCON_DATA=demo"
                )
            with Popen(SIMULATION, stdout=PIPE) as simulation:  # on a core of its own, while this one appends
                assert simulation.stdout  # noqa: S101 - a pipe was asked for
                return import_lines(
                    log, simulation.stdout, tell=lambda sentence: print(sentence, file=sys.stderr)
                ).appended
        finally:
            log.close()


if __name__ == "__main__":
    sys.exit(main())
