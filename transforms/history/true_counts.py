"""The true counts behind the figures of published weeks, which history.db keeps so that `revise` can compare."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from checksums import new_draft, rewritten, write_checksum
from files import move_durably, open_read_only
from settings import Settings
from transforms.editions.edition import Header
from transforms.history.history import definitions

_COUNTS = "select cell_id, installations from true_counts where week_start = ? and revision = ?"
_BEFORE = "delete from true_counts where week_start = ? and revision <> ? - 1"  # until the new revision is published


def kept_counts(settings: Settings, key_digest: str, latest: Header) -> dict[bytes, int]:
    """Return the true counts behind the figures of an edition, by cell id; none where they are not kept."""
    if not settings.history.exists():
        return {}
    with closing(open_read_only(settings.history)) as connection:
        if connection.execute("select noise_key from kept").fetchone()[0] != key_digest:
            return {}
        return dict(connection.execute(_COUNTS, (latest.week_start, latest.revision)))


def keep_true_counts(
    settings: Settings, key_digest: str, counts: Mapping[tuple[str, int], Mapping[bytes, int]]
) -> None:
    """Keep the true counts behind the figures of editions that are to be published, by week and revision.

    Those kept before under another key are dropped: their cells cannot be told.  Raise DamagedFileError, OSError or
    sqlite3.Error.
    """
    if not counts:
        return
    if not settings.history.exists():
        _create(settings.history, key_digest)
    rows = [(*edition, *each) for edition, of_edition in counts.items() for each in of_edition.items()]
    with rewritten(settings.history) as connection:
        connection.execute("begin")
        connection.execute("delete from true_counts where (select noise_key from kept) <> ?", (key_digest,))
        connection.execute("update kept set noise_key = ?", (key_digest,))
        connection.executemany(_BEFORE, counts)
        connection.executemany("insert into true_counts values (?, ?, ?, ?)", rows)
        connection.execute("commit")


def _create(path: Path, key_digest: str) -> None:
    """Make a history.db that has nothing yet."""
    draft = new_draft(path)
    with closing(sqlite3.connect(draft, isolation_level=None)) as connection:
        for create in definitions():
            connection.execute(create)
        connection.execute("insert into kept values (0, '', ?)", (key_digest,))
        write_checksum(connection)
    move_durably(draft, path)
