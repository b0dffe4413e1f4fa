"""`make demo`: an empty log, filled with a simulated community."""

import argparse
import os
import sys
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from subprocess import PIPE, Popen

from receiver.log.lock import LogInUseError, writer_lock
from receiver.log.log import Log, LogNotDurableError
from receiver.log.transfer import import_lines
from settings import SettingError, Settings
from transforms.pipeline import refresh
from transforms.refusals import REFUSALS

_REFUSALS: tuple[type[Exception], ...] = (*REFUSALS, SettingError)


class LogHoldsUploadsError(RuntimeError):
    """A simulated community never joins uploads that are there already."""


class SimulationFailedError(RuntimeError):
    """The simulation ended before its time; it has said why itself."""


def main() -> int:
    """Return the exit status: 0 done, 1 could not, 2 wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m launcher.demo", description="Fill an empty log for a look around.")
    parser.add_argument("--installations", default=3_000, type=int, help="default %(default)s")
    parser.add_argument("--weeks", default=156, type=int, help="default %(default)s, three years")
    parser.add_argument("--seed", default=2016, type=int, help="default %(default)s, the year of the proposal")
    arguments = parser.parse_args()
    simulation = [f"--{name}={getattr(arguments, name)}" for name in ("installations", "weeks", "seed")]
    os.umask(0o077)  # the log is private
    try:
        settings = Settings.from_environment()
        settings.data.mkdir(parents=True, exist_ok=True)
        uploads = _fill_log(settings, simulation)
        print(f"{uploads} uploads are in {settings.log}; counting them ...", flush=True)
        settings = Settings.from_environment()  # with retention off
        weeks = len(refresh(settings, datetime.now(UTC), is_progress_shown=True).editions)
    except (LogHoldsUploadsError, LogInUseError, LogNotDurableError, SimulationFailedError) as error:
        return _could_not(error)
    except _REFUSALS as error:
        return _could_not(error)
    print(f"{weeks} weeks published. To look at them: make run")
    return 0


def _could_not(error: Exception) -> int:
    print(f"make demo: {error}", file=sys.stderr)
    return 1


def _fill_log(settings: Settings, simulation_arguments: list[str]) -> int:
    """Return how many uploads the log has now.  Raise LogHoldsUploadsError if it had any before."""
    with writer_lock(settings.data, "make demo"), closing(Log(settings.log)) as log:
        if log.last_seq:
            raise LogHoldsUploadsError(
                f"{settings.log} already holds uploads, and simulated uploads are never added to them. "
                "Give the demo a folder of its own: make demo POPCON_DATA=demo"
            )
        settings.retention_off.write_text("The simulated community of `make demo` is kept whole.\n")
        # no secret, so that the same arguments give the same figures
        settings.noise_key.write_bytes(sha256(" ".join(simulation_arguments).encode()).digest())
        print(f"Simulating: {' '.join(simulation_arguments)} ...", flush=True)
        command = [sys.executable, "-m", "simulation", *simulation_arguments]
        with Popen(command, stdout=PIPE) as simulation:  # on a core of its own, while this one appends
            assert simulation.stdout  # noqa: S101 - a pipe was asked for
            imported = import_lines(log, simulation.stdout, tell=lambda sentence: print(sentence, file=sys.stderr))
        if simulation.returncode:
            raise SimulationFailedError("the simulation failed, see above; remove the log and try again")
        return imported.appended


if __name__ == "__main__":
    sys.exit(main())
