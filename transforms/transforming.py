"""Take the log into views.db, week by week."""

import sqlite3

from progress import progress_bar
from transforms.batches import Loader, Publisher
from transforms.database import purges
from transforms.database.configurations import Configurations
from transforms.run import Run
from transforms.weeks.week_counter import WeekCounter
from weeks import week_of


def transform(connection: sqlite3.Connection, run: Run, publisher: Publisher) -> Loader:
    """Load and count, and give each week to `publisher`; return the loader, which knows how much.

    `connection` has views.db open.
    """
    configurations = Configurations(connection, run.catalogue)
    counter = WeekCounter(connection, configurations, run.settings)
    this_week = week_of(run.now.date().isoformat())
    purge_id = purges.last_heeded(connection)  # one that is recorded while batches are read is for the next run
    loader = Loader(connection, configurations, counter, publisher, active_weeks=run.settings.active_weeks)
    with progress_bar(purges.last_seq(connection), "uploads", "Counting", is_shown=run.is_progress_shown) as bar:
        loader.load(this_week, lambda seq: bar.update(seq - bar.n))
    connection.execute("pragma main.journal_mode = wal")  # a build has none so far
    loader.look_ahead(this_week)
    connection.execute("update checkpoint set purge_id = ?", (purge_id,))
    return loader
