"""Take over a history.db in an older form."""

import sqlite3
from contextlib import closing

from checksums import require_intact, rewritten
from files import attach_read_only, open_read_only
from settings import Settings
from transforms.database.purges import last_purge
from transforms.history.history import definitions
from transforms.history.intact import WHAT_TO_DO
from transforms.weeks.noise import NoiseKey

_NO_LONGER = ("shown_weeks", "shown_cells", "core_names", "common_keys", "quarters")
_CHANGED = ("kept", "installations")


def adopt(settings: Settings, key: NoiseKey) -> None:
    """Write history.db in today's form, if it is in an older one.  Raise DamagedFileError or UnreadableFileError."""
    if not settings.history.exists():
        return
    with closing(open_read_only(settings.history)) as connection:
        try:
            columns = {name for (name,) in connection.execute("select name from pragma_table_info('kept')")}
        except sqlite3.DatabaseError:
            columns = set()
    if not columns or "purge_id" in columns:
        return  # what is damaged is told where it is needed
    require_intact(settings.history, WHAT_TO_DO)
    with rewritten(settings.history) as connection:
        attach_read_only(connection, settings.log, "log")
        if "noise_key" in columns:
            connection.execute(
                f"alter table kept add column purge_id integer not null default {last_purge(connection)}"
            )
        else:
            _leave_figures_out(connection, key)


def _leave_figures_out(connection: sqlite3.Connection, key: NoiseKey) -> None:
    """Of the version that kept the figures of weeks in it: editions.db has them now."""
    for table in _CHANGED:
        connection.execute(f"alter table {table} rename to {table}_of_before")
    for create in definitions():
        connection.execute(create)
    connection.execute(
        "insert into kept select through_seq, received_before, ?, ? from kept_of_before",
        (key.digest, last_purge(connection)),
    )
    connection.execute(
        "insert into installations select uuid, first_week, week_count, established_week, capped_week "
        "from installations_of_before"
    )
    for table in (*_NO_LONGER, *(f"{table}_of_before" for table in _CHANGED)):
        connection.execute(f"drop table {table}")
