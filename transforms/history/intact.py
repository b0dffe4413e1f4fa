"""Whether history.db is there and says what was written into it: nothing else has what it holds."""

import sqlite3
from contextlib import closing
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from checksums import DamagedFileError, require_intact
from files import attach_read_only, open_read_only, signature
from settings import Settings
from transforms.database import purges
from transforms.intact_files import is_noted

WHAT_TO_DO = (
    "Nothing was changed. Restore it from the backup. Without one, `python -m transforms rebuild --without-history` "
    "counts without it: every installation is then as new as its oldest report in the log."
)


def require_history(settings: Settings) -> None:
    """Raise DamagedFileError if history.db is damaged, or lacks reports that only it could know of."""
    kept = ""
    if settings.history.exists():
        if not is_noted(settings, settings.history):
            require_intact_history(settings)
        with closing(open_read_only(settings.history)) as history:
            kept = history.execute("select received_before from kept").fetchone()[0]
    with closing(sqlite3.connect(":memory:", uri=True)) as connection:
        attach_read_only(connection, settings.log, "log")
        purged = purges.purged_before(connection)
    if kept < purged:
        what = f"reaches only to {kept}" if kept else "is gone"
        raise DamagedFileError(
            f"{settings.history} {what}, but the log has lost its reports from before {purged}. {WHAT_TO_DO}"
        )


def require_intact_history(settings: Settings) -> None:
    """Raise DamagedFileError unless history.db says what was written into it."""
    _require_intact(settings.history, signature(settings.history))


@lru_cache(1)
def _require_intact(history: Path, _: str) -> None:
    """Read the file once a run, though several steps rest on it; another signature is another file."""
    require_intact(history, WHAT_TO_DO)


def give_up(settings: Settings, now: datetime) -> None:
    """Put a damaged history.db aside.  One that is only too old is kept for what it has."""
    if not settings.history.exists():
        return
    try:
        require_intact_history(settings)
    except DamagedFileError:
        settings.history.rename(settings.history.with_name(f"history-given-up-{now:%Y%m%dT%H%M%S}.db"))


def forget_put_aside(connection: sqlite3.Connection, settings: Settings) -> None:
    """Remove every history.db that was put aside, if anybody was ever erased: it may name them."""
    if connection.execute("select 1 from log.purges where reason = 'erasure' limit 1").fetchone():
        for put_aside in settings.data.glob("history-given-up-*.db"):
            put_aside.unlink()
