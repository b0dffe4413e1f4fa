"""Take erased installations out of views.db, without building it again.

A cap that was reached stays.  Every week that is not published yet is counted without the erased.
"""

import sqlite3
from array import array
from collections import defaultdict
from contextlib import closing
from itertools import chain

from files import point_link
from settings import Settings
from transforms.database import purges, views_database
from transforms.database.leftovers import drop_configurations, unused_keys
from transforms.history.forgetting import forget_erased
from transforms.history.intact import forget_put_aside
from transforms.room import require_room, size_of
from transforms.sql import statement
from transforms.weeks.noise import NoiseKey

_OF_ERASED = (
    "delete from seqs where installation_id in (select installation_id from erased)",
    "delete from ruled_out where uuid in (select uuid from erased)",
    "delete from installations where uuid in (select uuid from erased)",
)
_MAY_GO = "select key_id from keys where not is_known"


def take_out(settings: Settings, key: NoiseKey) -> bool:
    """Leave no byte in views.db and history.db of who was erased since the last run; return whether there was any.

    Readers have the old file until the new one is whole, and only that one knows of the purges: a run that is cut off
    in between does all of it again.  Raise NoRoomError, OSError or sqlite3.Error.
    """
    old = settings.views.resolve()
    with closing(views_database.connect(old, settings, key)) as connection:
        purge_id = purges.last_purge(connection)
        seq, known = connection.execute("select seq, purge_id from checkpoint").fetchone()
        if purges.reasons_since(connection, known, seq) != {"erasure"}:
            return False
        _delete(connection, purge_id)
        forget_erased(settings, old)
        forget_put_aside(connection, settings)
        require_room(settings.data, size_of(old), "Taking out an erased installation")
        path = views_database.new_path(settings)
        connection.execute("vacuum main into ?", (str(path),))
    with closing(sqlite3.connect(path, isolation_level=None)) as fresh:
        fresh.execute("pragma journal_mode = wal")
        fresh.execute("update checkpoint set purge_id = ?", (purge_id,))
    point_link(settings.views, path)
    return True


def _delete(connection: sqlite3.Connection, purge_id: int) -> None:
    """Delete whom the purges up to `purge_id` erase, and what only they reported; copies of it stay in the file."""
    execute = connection.execute
    execute("begin immediate")
    execute("delete from erased")
    execute(statement("database/erasing/erased"), {"purge_id": purge_id})
    _count_out(connection)
    for each in _OF_ERASED:
        execute(each)
    drop_configurations(connection)  # those of the erased, and whose the others were is not known here
    unused = unused_keys(connection, _MAY_GO)
    for table in ("cells", "keys"):
        connection.executemany(f"delete from {table} where key_id = ?", ((key_id,) for key_id in unused))  # noqa: S608 - ours
    execute("update checkpoint set looked_until = null")
    execute("commit")


def _count_out(connection: sqlite3.Connection) -> None:
    """Take the erased out of the cells of the last counted week."""
    changes: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0])  # installations and record keys, by key_id
    counted = connection.execute(statement("database/erasing/counted_keys"))
    key_ids = ((key_id, record_key) for keys, record_key in counted for key_id in array("I", keys))
    for key_id, record_key in chain(key_ids, connection.execute(statement("database/erasing/counted_quarters"))):
        changes[key_id][0] += 1
        changes[key_id][1] += record_key
    connection.executemany(
        "update cells set installations = installations - ?, record_keys = record_keys - ? where key_id = ?",
        ((*change, key_id) for key_id, change in changes.items()),
    )
