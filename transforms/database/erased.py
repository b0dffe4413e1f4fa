"""Take erased installations out of views.db, without building it again.

Weeks that are counted for good stay as they were published, and so do a name that is common and a cap that was
reached.  Every other week is counted without the erased.
"""

import sqlite3
from array import array
from collections import Counter
from contextlib import closing

from files import point_link
from settings import Settings
from transforms.database import purges, views_database
from transforms.database.leftovers import drop_configurations, unused_keys
from transforms.history.forgetting import forget_erased
from transforms.room import require_room, size_of
from transforms.sql import statement
from vocabulary.catalogue import Catalogue

_OF_ERASED = (
    "delete from seqs where installation_id in (select installation_id from erased)",
    "delete from ruled_out where uuid in (select uuid from erased)",
    "delete from installations where uuid in (select uuid from erased)",
)
_MAY_GO = "select key_id from keys where not is_known and not is_common"
# Counted ahead: they are counted again, and until then name nobody whom only the erased had said.
_AHEAD = ("shown_weeks", "shown_cells", "core_names", "shown_pairs")


def take_out(settings: Settings, catalogue: Catalogue) -> bool:
    """Leave no byte in views.db and history.db of who was erased since the last run; return whether there was any.

    Readers have the old file until the new one is whole, and only that one knows of the purges: a run that is cut off
    in between does all of it again.  Raise NoRoomError, OSError or sqlite3.Error.
    """
    old = settings.views.resolve()
    with closing(views_database.connect(old, settings, catalogue)) as connection:
        purge_id = purges.last_purge(connection)
        seq, known = connection.execute("select seq, purge_id from checkpoint").fetchone()
        if purges.reasons_since(connection, known, seq) != {"erasure"}:
            return False
        _delete(connection, purge_id)
        forget_erased(settings, old)
        for put_aside in settings.data.glob("history-given-up-*.db"):
            put_aside.unlink()  # it is damaged, and may name who is erased
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
    for table in _AHEAD:
        execute(f"delete from {table} where week_start >= (select open_week from checkpoint)")  # noqa: S608 - our names
    execute("update checkpoint set counted_until = null, published_as = ''")
    execute("update checkpoint set erased_count = erased_count + (select count(counted_as) from erased)")
    execute("commit")


def _count_out(connection: sqlite3.Connection) -> None:
    """Take the erased out of the cells of the last counted week."""
    installations: Counter[int] = Counter()
    parts: Counter[int] = Counter()
    for keys, more_parts, times in connection.execute(statement("database/erasing/counted_keys")):
        for counts, packed in ((installations, keys), (parts, more_parts)):
            for key_id in array("I", packed):
                counts[key_id] += times
    installations.update(dict(connection.execute(statement("database/erasing/counted_quarters"))))
    connection.executemany(
        "update cells set installations = installations - ?, parts = parts - ? where key_id = ?",
        ((times, parts[key_id], key_id) for key_id, times in installations.items()),
    )
