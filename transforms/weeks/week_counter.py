"""Count a week as it ends: who stands in it, with what, and which of the groups may be shown."""

import sqlite3

from settings import Settings
from transforms.database.configurations import Configurations
from transforms.database.figures import Figures
from transforms.sql import statement
from transforms.weeks.disclosure import Disclosure, shown_reasons, shown_totals
from transforms.weeks.groups import WeekGroups
from transforms.weeks.intervals import wilson
from transforms.weeks.key_counts import KeyCounts
from transforms.weeks.pairs import sets_of_week
from vocabulary.release_calendar import days_between
from vocabulary.versions import OTHER, core_order, gem_order, series, stage
from weeks import last_day, weeks_later

TAG_CAP = 20  # newly established installations of one network in one week that count
_TOTALS = ("active", "established", "first_seen", "new_installations", "came_back", "gone")
_ORDERS = {"core_versions": core_order, "proxy_versions": core_order, "core_series": core_order}


class WeekCounter:
    """Counts one week after another, in order."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        configurations: Configurations,
        settings: Settings,
        *,
        last: str,
        countable_from: str,
    ) -> None:
        """`last` is the last closed week; before `countable_from` some uploads of a week are purged."""
        self._connection = connection
        self._configurations = configurations
        self._settings = settings
        self._last = last
        self._calendar = configurations.catalogue.calendar
        self._key_counts = KeyCounts(connection, configurations)
        self._countable_from = countable_from

    def count(self, week_start: str) -> Figures:
        """Return the week's figures, and move on to the end of the week.  In the caller's transaction."""
        k, active_weeks = self._settings.min_group, self._settings.active_weeks
        parameters: dict[str, object] = {
            "week_start": week_start,
            "oldest_week": weeks_later(week_start, 1 - active_weeks),
            "next_oldest_week": weeks_later(week_start, 2 - active_weeks),
            "established_weeks": self._settings.established_weeks,
            "tag_cap": TAG_CAP,
        }
        self._key_counts.move_to(parameters)
        self._key_counts.find_common(k)
        row = self._connection.execute(statement("weeks/sql/totals"), parameters).fetchone()
        self._connection.execute("update checkpoint set erased_count = 0")
        totals = dict(zip(_TOTALS, row, strict=True))
        figures = Figures(week_start)
        is_last = totals["established"] > 0 and (week_start == self._last or self._is_over(parameters))
        if is_last:
            figures.pairs = []
        if totals["established"] >= k:
            day = last_day(week_start)
            groups = WeekGroups(self._connection, self._configurations, totals["established"])
            disclosure = Disclosure(groups, k, self._calendar, day)
            reasons = self._connection.execute(statement("weeks/sql/set_aside"), parameters).fetchall()
            figures.totals = [(week_start, *shown_totals(totals, k), weeks_later(week_start, -52), k)]
            rows = [*disclosure.rows(self._connection), *shown_reasons(reasons, k)]
            figures.cells = [(week_start, *row, *wilson(row[3], row[5]), sort_key(row[0], row[2])) for row in rows]
            names = {name for mart, _, name, *_ in rows if mart in ("core_versions", "core_series", "adoption")}
            figures.core_names = [(week_start, name, *self._of_core(name, day)) for name in names]
            if is_last:
                sets = sets_of_week(self._connection, groups, disclosure.shown_plugins())
                figures.pairs = [
                    (week_start, mart, first, second, size, n, *wilson(size, n), sort_key("core_series", second))
                    for mart, first, second, size, n in disclosure.pairs(sets)
                ]
        figures.is_purged = week_start < self._countable_from
        return figures

    def _is_over(self, parameters: dict[str, object]) -> bool:
        """Return whether nobody counts in the next week, unless more uploads come."""
        staying = "select 1 from installations where counted_as is not null and last_week >= :next_oldest_week limit 1"
        return self._connection.execute(staying, parameters).fetchone() is None

    def _of_core(self, name: str, day: str) -> tuple[object, ...]:
        if name == OTHER:
            return OTHER, OTHER, OTHER, None, None, 1
        of = series(name)
        known = ("", name) in self._configurations.catalogue.known["core_versions"]
        released_on = self._calendar.released_on(name)
        since = None if released_on is None else days_between(released_on, day)
        return (
            of,
            stage(name),
            self._calendar.freshness(of, day),
            self._calendar.days_behind(of, day),
            since,
            known or released_on is not None,
        )


def sort_key(mart: str, name: str) -> str:
    """Return a text that sorts the rows of a table in the order a reader expects; '(other)' last."""
    if name.startswith("("):
        return "~~" + name
    if mart == "plugin_versions":
        return gem_order(name)
    if mart in ("sizes", "facts") and name[:1].isdigit():
        return name.split("-")[0].rstrip("+").zfill(12)
    return _ORDERS[mart](name) if mart in _ORDERS else name
