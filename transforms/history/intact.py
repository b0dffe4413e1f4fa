"""Whether history.db is there and says what was written into it: nothing else has what it holds."""

import sqlite3
from contextlib import closing
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from checksums import DamagedFileError, has_checksum, require_intact, rewritten, unusable
from files import attach_read_only, open_read_only, signature
from settings import Settings
from transforms.database import purges
from weeks import weeks_later

_WHAT_TO_DO = (
    "Nothing was changed. Restore it from the backup. Without one, `python -m transforms rebuild --without-history` "
    "gives up the figures of the weeks that neither it nor the log has."
)


def require_history(settings: Settings) -> None:
    """Raise DamagedFileError if history.db is damaged, or lacks reports that only it could know of."""
    kept = ""
    if settings.history.exists():
        if signature(settings.history) != _found_intact(settings):
            require_intact_history(settings)
        with closing(open_read_only(settings.history)) as history:
            kept = history.execute("select received_before from kept").fetchone()[0]
    with closing(sqlite3.connect(":memory:", uri=True)) as connection:
        attach_read_only(connection, settings.log, "log")
        purged = purges.purged_before(connection)
    if kept < purged:
        what = f"reaches only to {kept}" if kept else "is gone"
        raise DamagedFileError(
            f"{settings.history} {what}, but the log has lost its reports from before {purged}. {_WHAT_TO_DO}"
        )


def require_intact_history(settings: Settings) -> None:
    """Raise DamagedFileError unless history.db says what was written into it."""
    _adopt(settings)
    _require_intact(settings.history, signature(settings.history))


@lru_cache(1)
def _require_intact(history: Path, _: str) -> None:
    """Read the file once a run, though several steps rest on it; another signature is another file."""
    require_intact(history, _WHAT_TO_DO)


def note_intact(connection: sqlite3.Connection, settings: Settings) -> None:
    """Remember in views.db, which `connection` has open, which history.db was found intact."""
    connection.execute("update checkpoint set history_file = ?", (signature(settings.history),))


def _found_intact(settings: Settings) -> str:
    try:
        with closing(open_read_only(settings.views)) as connection:
            return str(connection.execute("select history_file from checkpoint").fetchone()[0])
    except (sqlite3.Error, TypeError):  # none, damaged, or of an older version
        return ""


def give_up(settings: Settings, now: datetime) -> None:
    """Put a damaged history.db aside.  One that is only too old is kept for what it has."""
    if not settings.history.exists():
        return
    try:
        require_intact_history(settings)
    except DamagedFileError:
        settings.history.rename(settings.history.with_name(f"history-given-up-{now:%Y%m%dT%H%M%S}.db"))


def _adopt(settings: Settings) -> None:
    """Give a history.db of a version that wrote no checksum one, with today's k as that of its weeks."""
    try:
        with closing(open_read_only(settings.history)) as connection:
            if has_checksum(connection) or "min_group" in _columns(connection, "shown_weeks"):
                return
            received_before = connection.execute("select received_before from kept").fetchone()[0]
        final_before = weeks_later(received_before, settings.active_weeks)
        with rewritten(settings.history) as connection:
            connection.execute("alter table shown_weeks add column min_group integer")
            connection.execute("update shown_weeks set min_group = ?", (settings.min_group,))
            connection.execute("alter table kept add column final_before text")
            connection.execute("update kept set final_before = ?", (final_before,))
    except sqlite3.DatabaseError as error:
        raise unusable(settings.history, error, _WHAT_TO_DO) from None


def _columns(connection: sqlite3.Connection, table: str) -> set[str]:
    return {name for (name,) in connection.execute("select name from pragma_table_info(?)", (table,))}
