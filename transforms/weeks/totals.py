"""The totals of a week, and why installations do not count in it."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from transforms.sql import statement
from transforms.weeks.draws import Draws
from transforms.weeks.noise import Count
from transforms.weeks.series_groups import Row
from transforms.weeks.small_groups import hidden, hidden_of_partition


@dataclass(frozen=True)
class Totals:
    """Who is active at the end of a week, and who of these is established."""

    active: Count
    established: Count

    @classmethod
    def read(cls, connection: sqlite3.Connection, oldest_week: str) -> "Totals":
        """Read them of the last counted week; who has uploaded since `oldest_week` is active in it."""
        row = connection.execute(statement("weeks/sql/totals"), {"oldest_week": oldest_week}).fetchone()
        return cls(Count(*row[:2]), Count(*row[2:]))

    def shown_active(self, draws: Draws, k: int) -> int | None:
        """Return the figure of the active; None where an exact one would give a small group away."""
        figure = draws.figure("totals", "", "active", self.active)
        waiting = self.active.installations - self.established.installations
        if draws.can_be_subtracted and 0 < waiting < k:
            return None
        return figure if figure >= k else None


def left_out(connection: sqlite3.Connection, draws: Draws, k: int, oldest_week: str) -> Iterator[Row]:
    """Yield why installations do not count in the last counted week.

    Those that wait to be established are a partition: their total is known.
    """
    weeks = {"week_start": draws.week_start, "oldest_week": oldest_week}
    reasons = connection.execute(statement("weeks/sql/left_out"), weeks).fetchall()
    counts: dict[str, Count] = {}
    for reason, _, *count in reasons:  # a rule may give a reason of ours
        counts[reason] = counts.get(reason, Count()) + Count(*count)
    counts |= {reason: Count() for reason in draws.published_names("left_out") - counts.keys()}
    figures = {reason: draws.figure("left_out", "", reason, count) for reason, count in counts.items()}
    folded = hidden(figures, k)
    if draws.can_be_subtracted:
        folded |= hidden_of_partition({reason: figures[reason] for reason, is_waiting, *_ in reasons if is_waiting}, k)
    for reason, figure in figures.items():
        if reason not in folded:
            yield "left_out", "", reason, figure, figure
