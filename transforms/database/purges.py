"""What the log says of its purges: which uploads no longer count, and how far back they go.

`connection` has the log attached as `log`.
"""

import sqlite3


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


def purged_before(connection: sqlite3.Connection) -> str:
    """Return the Monday before which uploads are purged for their age, '' where none is."""
    before = connection.execute("select max(received_before) from log.purges where reason = 'retention'").fetchone()[0]
    return "" if before is None else str(before)
