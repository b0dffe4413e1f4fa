"""What the log says of its purges: which uploads no longer count, and how far back they go.

`connection` has the log attached as `log`.
"""

import sqlite3

_REASONS = """
select distinct p.reason
from log.gaps as g
inner join log.purges as p on g.purge_id = p.purge_id
where p.purge_id > ? and g.first_seq <= ?
"""


def last_purge(connection: sqlite3.Connection) -> int:
    """Return the id of the last purge that was recorded, 0 where there was none."""
    return int(connection.execute("select coalesce(max(purge_id), 0) from log.purges").fetchone()[0])


def last_correction(connection: sqlite3.Connection) -> int:
    """Return the id of the last correction of times that was recorded, 0 where there was none."""
    return int(connection.execute("select coalesce(max(correction_id), 0) from log.corrections").fetchone()[0])


def last_seq(connection: sqlite3.Connection) -> int:
    """Return the highest seq that the log has given."""
    newest = connection.execute("select coalesce(max(seq), 0) from log.uploads").fetchone()[0]
    purged = connection.execute("select coalesce(max(last_seq), 0) from log.gaps").fetchone()[0]
    return max(int(newest), int(purged))


def reasons_since(connection: sqlite3.Connection, purge_id: int, seq: int) -> set[str]:
    """Return for what reasons the purges after `purge_id` take away uploads up to `seq`."""
    return {reason for (reason,) in connection.execute(_REASONS, (purge_id, seq))}


def last_heeded(connection: sqlite3.Connection) -> int:
    """Return the last purge that views.db can know of once it has taken in what follows.

    That is the last one of the log, unless one was recorded just now that takes away what views.db holds.
    """
    last = last_purge(connection)
    seq, known = connection.execute("select seq, purge_id from checkpoint").fetchone()
    return int(known) if reasons_since(connection, known, seq) else last


def purged_before(connection: sqlite3.Connection) -> str:
    """Return the Monday before which uploads are purged for their age, '' where none is."""
    before = connection.execute("select max(received_before) from log.purges where reason = 'retention'").fetchone()[0]
    return "" if before is None else str(before)
