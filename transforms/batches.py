"""Take what the log has gained into views.db, a bounded batch at a time."""

import sqlite3

from transforms import purges
from transforms.interning import Interning
from transforms.sql import statement

# The log is read in transactions this short, so that its WAL can be checkpointed in between.
BATCH_UPLOADS = 50_000


def load_new_uploads(
    connection: sqlite3.Connection, interning: Interning, established_weeks: int, batch_uploads: int = BATCH_UPLOADS
) -> int:
    """Load every upload after the checkpoint; return how many that were.  Each batch is one transaction."""
    uploads = 0
    after = connection.execute("select seq from checkpoint").fetchone()[0]
    last = connection.execute("select coalesce(max(seq), 0) from log.uploads").fetchone()[0]
    purge_id = purges.last_purge(connection)  # a purge recorded while the batches are read is for the next run
    while after < last:
        upto = min(after + batch_uploads, last)
        connection.execute("begin immediate")
        uploads += _load_batch(connection, interning, after, upto, established_weeks)
        connection.execute("commit")
        after = upto
    connection.execute("update checkpoint set purge_id = ?", (purge_id,))
    return uploads


def _load_batch(
    connection: sqlite3.Connection, interning: Interning, after: int, upto: int, established_weeks: int
) -> int:
    connection.execute("delete from batch")
    loaded = connection.execute(statement("staging/batch"), {"after": after, "upto": upto}).rowcount
    connection.execute(statement("staging/configurations"))
    interning.write(connection.execute(statement("staging/unread_configurations")))
    connection.execute(statement("staging/core_series"))
    connection.execute(statement("staging/installations"))
    connection.execute(statement("staging/seqs"))
    connection.execute("delete from new_weeks")
    connection.execute(statement("staging/new_weeks"))
    connection.execute(statement("staging/weekly_uploads"))
    connection.execute(statement("staging/weeks_of_installations"), {"established_weeks": established_weeks})
    connection.execute(statement("staging/recounted_weeks"))
    connection.execute("update checkpoint set seq = ?", (upto,))
    return loaded
