"""Take erased installations out of history.db, whose figures stay as they are."""

import sqlite3
from contextlib import closing
from pathlib import Path

from checksums import write_checksum
from files import attach_read_only, move_durably, open_read_only
from settings import Settings
from transforms.history.intact import require_intact_history
from transforms.sql import statement


def forget_erased(settings: Settings, views: Path) -> None:
    """Write history.db anew without every installation that views.db does not know.  Raise DamagedFileError.

    Each that it holds has uploads in the log, and so is in views.db unless it was erased.
    """
    history = settings.history
    if not history.exists():
        return
    require_intact_history(settings)
    with closing(open_read_only(history)) as connection:
        attach_read_only(connection, views, "views")
        if connection.execute(statement("history/erasing/unknown")).fetchone()[0] == 0:
            return
        draft = history.with_name(".history-draft.db")
        draft.unlink(missing_ok=True)
        connection.execute("vacuum main into ?", (str(draft),))
    with closing(sqlite3.connect(draft.as_uri(), uri=True, isolation_level=None)) as connection:
        connection.execute("pragma journal_mode = off")  # a draft that is cut off is thrown away
        attach_read_only(connection, views, "views")
        connection.execute(statement("history/erasing/quarters"))
        connection.execute("delete from main.installations where uuid not in (select uuid from views.installations)")
        write_checksum(connection)
        connection.execute("vacuum main")
    move_durably(draft, history)
