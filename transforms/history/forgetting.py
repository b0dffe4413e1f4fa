"""Take erased installations out of history.db."""

from contextlib import closing
from pathlib import Path

from checksums import rewritten
from files import attach_read_only, open_read_only
from settings import Settings
from transforms.history.intact import require_intact_history
from transforms.sql import statement


def forget_erased(settings: Settings, views: Path) -> None:
    """Write history.db again without every installation that views.db does not know.  Raise DamagedFileError.

    Each that it holds has uploads in the log, and so is in views.db, counted or set aside, unless it was erased.
    """
    history = settings.history
    if not history.exists():
        return
    require_intact_history(settings)
    with closing(open_read_only(history)) as connection:
        attach_read_only(connection, views, "views")
        if connection.execute(statement("history/erasing/unknown")).fetchone()[0] == 0:
            return
    with rewritten(history) as connection:
        attach_read_only(connection, views, "views")
        connection.execute(statement("history/erasing/delete"))
