"""history.db: what counting needs of uploads that are purged, and what is kept privately of published weeks.

It holds when each installation that still has uploads was first seen and established, and of each published week that
can still be counted again the true counts behind its figures.  It is rewritten each time, so that an installation that
leaves the log leaves it too.  The receiver purges no further than it reaches.
"""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from checksums import new_draft, write_checksum
from files import attach_read_only, move_durably, open_read_only
from settings import Settings
from transforms.database import purges
from transforms.history.intact import require_intact_history
from transforms.room import require_room, size_of
from transforms.sql import names, statement
from trusted_time import time_for_ages
from weeks import monday, weeks_later

_ENDS = """
select
    (select received_at from log.uploads order by seq limit 1),
    (select received_at from log.uploads order by seq desc limit 1)
"""
_FIRST_TO_STAY = "select min(seq) from log.uploads where received_at >= ?"


def due_week(connection: sqlite3.Connection, settings: Settings, now: datetime) -> str:
    """Return the Monday before which uploads may go by now and are still there; '' where nothing is to be done."""
    if not settings.retention_days:
        return ""
    ends = connection.execute(_ENDS).fetchone()
    if ends[0] is None:
        return ""
    oldest, newest = ends
    today = time_for_ages(now, newest).date()
    before = monday(today - timedelta(days=settings.retention_days)).isoformat()
    return before if oldest < before > kept_before(settings.history) else ""


def kept_before(history: Path) -> str:
    """Return the Monday up to which history.db has taken in what came before, '' where it has nothing."""
    if not history.exists():
        return ""
    with closing(open_read_only(history)) as connection:
        return str(connection.execute("select received_before from kept").fetchone()[0])


def reach(connection: sqlite3.Connection, settings: Settings) -> str:
    """Return the Monday from which on uploads are needed to count: what came before is in history.db, or given up."""
    return max(kept_before(settings.history), purges.purged_before(connection))


def countable_from(connection: sqlite3.Connection, settings: Settings) -> str:
    """Return the first week that can be counted from uploads alone; '' where all can, because none was purged.

    An upload keeps its installation active in the weeks after its own too, and whether it is gone shows in one more.
    """
    purged_before = purges.purged_before(connection)
    if not purged_before:
        return ""
    return weeks_later(max(purged_before, kept_before(settings.history)), settings.active_weeks)


def write(connection: sqlite3.Connection, settings: Settings, received_before: str) -> None:
    """Write history.db from views.db, which `connection` has open: uploads from before that Monday may go then.

    Raise DamagedFileError, NoRoomError, OSError or sqlite3.Error; history.db is then as it was.
    """
    require_room(settings.data, size_of(settings.history), "Writing history.db")
    draft = new_draft(settings.history)
    _attach_old(connection, settings)
    connection.execute("attach ? as draft", (str(draft),))
    connection.execute("pragma draft.journal_mode = off")
    connection.execute("begin")
    first_to_stay = connection.execute(_FIRST_TO_STAY, (received_before,)).fetchone()[0]
    through_seq = purges.last_seq(connection) if first_to_stay is None else first_to_stay - 1
    reach = {
        "received_before": received_before,
        "through_seq": through_seq,
        "countable_from": weeks_later(received_before, settings.active_weeks),
    }
    for create in definitions("draft."):
        connection.execute(create)
    for model in names("history/saving"):
        connection.execute(f"insert into draft.{Path(model).name} {statement(model)}", reach)
    write_checksum(connection, "draft")
    connection.execute("commit")
    connection.execute("detach draft")
    connection.execute("detach history")
    move_durably(draft, settings.history)


def restore(connection: sqlite3.Connection, settings: Settings) -> None:
    """Bring into a new views.db what no upload tells any more.

    The checkpoint then stands where history.db ends.  Raise DamagedFileError.
    """
    if not purges.purged_before(connection) or not settings.history.exists():
        return
    _attach_old(connection, settings)
    connection.execute("begin immediate")
    for restoring in names("history/restoring"):
        connection.execute(statement(restoring))
    connection.execute("commit")
    connection.execute("detach history")


def definitions(schema: str = "") -> list[str]:
    """Return what creates the tables of history.db."""
    return [
        create.replace("create table ", f"create table {schema}")
        for create in statement("history/tables").split(";\n\n")
    ]


def create_empty(connection: sqlite3.Connection, noise_key: str, purge_id: int, schema: str = "") -> None:
    """Create the tables of a history.db that has nothing yet; of `purge_id`, see the table `kept`."""
    for create in definitions(schema):
        connection.execute(create)
    connection.execute(f"insert into {schema}kept values (0, '', ?, ?)", (noise_key, purge_id))  # noqa: S608 - ours


def _attach_old(connection: sqlite3.Connection, settings: Settings) -> None:
    """Attach what there is as `history`; without a file, tables that are empty."""
    if settings.history.exists():
        require_intact_history(settings)
        attach_read_only(connection, settings.history, "history")
        return
    connection.execute("attach ':memory:' as history")
    create_empty(connection, "", purges.last_purge(connection), "history.")
