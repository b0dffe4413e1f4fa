"""Move the cells of views.db to the end of the next week: who stands in it, and under which keys."""

import sqlite3

from settings import Settings
from transforms.database.configurations import Configurations
from transforms.weeks.key_counts import KeyCounts
from weeks import weeks_later

TAG_CAP = 20  # newly established installations of one network in one week that count


class WeekCounter:
    """Counts one week after another, in order."""

    def __init__(self, connection: sqlite3.Connection, configurations: Configurations, settings: Settings) -> None:
        self._connection = connection
        self._settings = settings
        self._key_counts = KeyCounts(connection, configurations)

    def count(self, week_start: str) -> None:
        """Count the week that ends.  In the caller's transaction."""
        self._key_counts.move_to(
            {
                "week_start": week_start,
                "oldest_week": weeks_later(week_start, 1 - self._settings.active_weeks),
                "established_weeks": self._settings.established_weeks,
                "tag_cap": TAG_CAP,
            }
        )
        self._connection.execute("update checkpoint set counted_week = ?", (week_start,))
