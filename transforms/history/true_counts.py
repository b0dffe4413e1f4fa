"""The true counts behind the figures of published weeks, which history.db keeps so that `revise` can compare."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from checksums import new_draft, rewritten, write_checksum
from files import attach_read_only, move_durably, open_read_only
from settings import Settings
from transforms.editions.edition import Header
from transforms.history.history import create_empty
from transforms.history.intact import require_intact_history

_COUNTS = "select cell_id, installations from true_counts where week_start = ? and revision = ?"
_BEFORE = "delete from true_counts where week_start = ? and revision <> ? - 1"  # until the new revision is published

_ERASURES = """
select
    k.purge_id,
    (select max(p.purge_id) from log.purges as p where p.reason = 'erasure' and p.purge_id > k.purge_id)
from kept as k
"""
_SUBTRACT = """
update true_counts set installations = installations - ? where week_start = ? and revision = ? and cell_id = ?
"""


def kept_counts(settings: Settings, key_digest: str, latest: Header) -> dict[bytes, int]:
    """Return the true counts behind the figures of an edition, by cell id; none where they are not kept."""
    if not settings.history.exists():
        return {}
    with closing(open_read_only(settings.history)) as connection:
        if connection.execute("select noise_key from kept").fetchone()[0] != key_digest:
            return {}
        return dict(connection.execute(_COUNTS, (latest.week_start, latest.revision)))


def keep_true_counts(
    settings: Settings, key_digest: str, counts: Mapping[tuple[str, int], Mapping[bytes, int]], purge_id: int
) -> None:
    """Keep the true counts behind the figures of editions that are to be published, by week and revision.

    Who is erased by a purge after `purge_id` is still in them.  Those kept before under another key are dropped: their
    cells cannot be told.  Raise DamagedFileError, OSError or sqlite3.Error.
    """
    if not counts:
        return
    if not settings.history.exists():
        _create(settings.history, key_digest, purge_id)
    rows = [(*edition, *each) for edition, of_edition in counts.items() for each in of_edition.items()]
    with rewritten(settings.history) as connection:
        connection.execute("begin")
        connection.execute("delete from true_counts where (select noise_key from kept) <> ?", (key_digest,))
        connection.execute("update kept set noise_key = ?", (key_digest,))
        connection.executemany(_BEFORE, counts)
        connection.executemany("insert into true_counts values (?, ?, ?, ?)", rows)
        connection.execute("commit")


def erasures_since(settings: Settings) -> dict[str, int] | None:
    """Return `after` and `upto`: the purges of the log in between erase who is in the kept true counts.

    None where no such purge erases anybody.
    """
    if not settings.history.exists():
        return None
    with closing(open_read_only(settings.history)) as connection:
        attach_read_only(connection, settings.log, "log")
        after, upto = connection.execute(_ERASURES).fetchone()
    return {"after": after, "upto": upto} if upto is not None else None


def subtract(settings: Settings, purge_id: int, counts: Mapping[tuple[str, int], Mapping[bytes, int]]) -> None:
    """Take from the kept true counts who is erased by the purges up to `purge_id`.

    `counts` says how many of them were in each cell, by week and revision.  Raise DamagedFileError, OSError or
    sqlite3.Error; history.db is then as it was.
    """
    require_intact_history(settings)
    rows = [(number, *edition, cell_id) for edition, each in counts.items() for cell_id, number in each.items()]
    with rewritten(settings.history) as connection:
        connection.execute("begin")
        connection.executemany(_SUBTRACT, rows)
        connection.execute("delete from true_counts where installations <= 0")
        connection.execute("update kept set purge_id = ?", (purge_id,))
        connection.execute("commit")


def _create(path: Path, key_digest: str, purge_id: int) -> None:
    """Make a history.db that has nothing yet."""
    draft = new_draft(path)
    with closing(sqlite3.connect(draft, isolation_level=None)) as connection:
        create_empty(connection, key_digest, purge_id)
        write_checksum(connection)
    move_durably(draft, path)
