"""What the log says of its purges: since when they count, and which weeks can no longer be counted from uploads.

`connection` has the log attached as `log`.
"""

import sqlite3
from datetime import date, timedelta


def last_purge(connection: sqlite3.Connection) -> int:
    """Return the id of the last purge that was recorded, 0 where there was none."""
    return int(connection.execute("select coalesce(max(purge_id), 0) from log.purges").fetchone()[0])


def last_seq(connection: sqlite3.Connection) -> int:
    """Return the highest seq that the log has given."""
    newest = connection.execute("select coalesce(max(seq), 0) from log.uploads").fetchone()[0]
    purged = connection.execute("select coalesce(max(last_seq), 0) from log.gaps").fetchone()[0]
    return max(int(newest), int(purged))


def takes_away(connection: sqlite3.Connection, purge_id: int, seq: int) -> bool:
    """Say whether a purge after `purge_id` takes away an upload up to `seq`."""
    row = connection.execute("select 1 from log.gaps where purge_id > ? and first_seq <= ?", (purge_id, seq))
    return row.fetchone() is not None


def first_countable_week(connection: sqlite3.Connection, active_weeks: int) -> str:
    """Return the first week all of whose uploads, and those that reach into it, are there; '' without any retention.

    An upload keeps its installation active in the weeks after its own too.
    """
    before = connection.execute("select max(received_before) from log.purges where reason = 'retention'").fetchone()[0]
    if before is None:
        return ""
    return (date.fromisoformat(before) + timedelta(weeks=active_weeks - 1)).isoformat()
