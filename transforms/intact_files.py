"""Which of the files that nothing can make again were found intact in the last run, so that not each run reads them."""

import sqlite3
from contextlib import closing
from pathlib import Path

from files import open_read_only, signature
from settings import Settings


def is_noted(settings: Settings, path: Path) -> bool:
    """Return whether views.db has noted this very file."""
    try:
        with closing(open_read_only(settings.views)) as connection:
            noted = str(connection.execute("select intact_files from checkpoint").fetchone()[0])
    except (sqlite3.Error, TypeError):  # none, damaged, or of an older version
        return False
    return signature(path) in noted.split()


def note(connection: sqlite3.Connection, settings: Settings) -> None:
    """Note in views.db, which `connection` has open, the files as they are: this run has read or written them."""
    noted = " ".join(signature(path) for path in (settings.history, settings.editions))
    connection.execute("update checkpoint set intact_files = ?", (noted,))
