"""The figures of one week, as they are written into views.db."""

import sqlite3
from dataclasses import dataclass, field

Rows = list[tuple[object, ...]]


@dataclass
class Figures:
    """Rows of the tables `shown_…` and `core_names`; none where fewer than k installations are established."""

    week_start: str
    totals: Rows = field(default_factory=list)
    cells: Rows = field(default_factory=list)
    core_names: Rows = field(default_factory=list)
    pairs: Rows | None = None  # None: those that stand stay
    is_purged: bool = False  # the figures of the week stay as they are: its uploads are purged

    def write(self, connection: sqlite3.Connection) -> None:
        """Take the place of what stood for the week.  In the caller's transaction."""
        if self.is_purged:
            return
        connection.execute("delete from shown_weeks where week_start = ?", (self.week_start,))
        connection.execute("delete from shown_cells where week_start = ?", (self.week_start,))
        connection.execute("delete from core_names where week_start = ?", (self.week_start,))
        connection.executemany("insert into shown_weeks values (?, ?, ?, ?, ?, ?, ?, ?, ?)", self.totals)
        connection.executemany("insert into shown_cells values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", self.cells)
        connection.executemany("insert into core_names values (?, ?, ?, ?, ?, ?, ?, ?)", self.core_names)
        if self.pairs is not None:
            connection.execute("delete from shown_pairs")
            connection.executemany("insert into shown_pairs values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", self.pairs)
        connection.execute("update checkpoint set published_as = ''")
