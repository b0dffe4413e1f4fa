"""Drop the configurations and keys that nothing refers to any more.

It is decided at the end of a week, from tables that are then the same however the log was cut into batches.  It is done
once both could be twice as many as after the last time, so that the work stays small beside that of reading them.
"""

import sqlite3
from array import array

LEFTOVERS_MIN = 10_000  # configurations or keys since the last time
_COUNTS = "select (select count(*) from configurations), (select count(*) from keys)"
_LAST = "select kept_configurations, kept_keys from checkpoint"
_MAY_GO = "select key_id from keys where key_id not in (select c.key_id from cells as c)"


def drop_leftovers(connection: sqlite3.Connection) -> bool:
    """Drop what is not needed if there may be enough of it; return whether that was so.  In the caller's transaction.

    An installation needs its latest configuration and the one it is counted as, and a configuration needs its keys.
    """
    counts = connection.execute(_COUNTS).fetchone()
    last = connection.execute(_LAST).fetchone()
    if all(count < 2 * kept + LEFTOVERS_MIN for count, kept in zip(counts, last, strict=True)):
        return False
    drop_configurations(connection)
    unused = unused_keys(connection, _MAY_GO)
    connection.executemany("delete from keys where key_id = ?", ((key_id,) for key_id in unused))
    kept = connection.execute(_COUNTS).fetchone()
    connection.execute("update checkpoint set kept_configurations = ?, kept_keys = ?", kept)
    return True


def drop_configurations(connection: sqlite3.Connection) -> None:
    """Drop those that no installation needs; one that is reported again is read again.  In the caller's transaction."""
    for table in ("configurations", "configuration_keys"):
        connection.execute(f"delete from {table} where configuration_id not in needed_configurations")  # noqa: S608 - ours


def unused_keys(connection: sqlite3.Connection, among: str) -> "array[int]":
    """Return the keys that no configuration has, of those that the select `among` yields, with a byte for each key."""
    last = connection.execute("select coalesce(max(key_id), 0) from keys").fetchone()[0]
    is_unused = bytearray(last + 1)
    for (key_id,) in connection.execute(among):
        is_unused[key_id] = 1
    for (packed,) in connection.execute("select keys from configuration_keys"):
        for key_id in array("I", packed):
            is_unused[key_id] = 0
    return array("I", (key_id for key_id, unused in enumerate(is_unused) if unused))
