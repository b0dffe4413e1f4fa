"""What holds for every run over the log: there is one, no other run goes on, and nothing is left behind."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from files import locked, open_read_only, remove_database
from settings import Settings
from transforms.room import full_disk_in_words


class NoLogError(RuntimeError):
    """There is no log to read."""


def require_log(settings: Settings) -> None:
    """Raise NoLogError unless there is a log with all tables of this version."""
    if not settings.log.exists():
        raise NoLogError(f"{settings.log} does not exist yet. `make run` starts the receiver, which writes it.")
    with closing(open_read_only(settings.log)) as log:
        if log.execute("select 1 from sqlite_schema where name = 'corrections'").fetchone() is None:
            raise NoLogError(
                f"{settings.log} is empty, or was written by an older version. Start the receiver once (`make run`): "
                "it creates the missing tables."
            )


@contextmanager
def only_run(settings: Settings) -> Iterator[None]:
    """Wait until no other process refreshes, then be the one that does; remove what a run that was cut off left."""
    with locked(settings.data / "refresh.lock"):
        remove_unused(settings)
        try:
            with full_disk_in_words(settings.data):
                yield
        except BaseException:
            remove_unused(settings)
            raise


def remove_unused(settings: Settings) -> None:
    """Remove the snapshots that no link points to, and drafts that a run which was cut off has left."""
    in_use = {settings.views.resolve().name, settings.public.resolve().name}
    folders = settings.snapshots, settings.public_snapshots
    for path in (*(path for folder in folders for path in folder.glob("*.db")), *settings.data.glob(".*-draft.db")):
        if path.name not in in_use:
            remove_database(path)
