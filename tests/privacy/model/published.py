"""What a stranger has: the published files of a community, read as anybody may read them."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.privacy.model.world import Attribute

OTHER = "(other)"

# The public table of each mart, with the columns for parent and name.
_TABLES = {
    "plugins": ("weekly_plugins", "''", "plugin"),
    "plugin_versions": ("weekly_plugin_versions", "plugin", "version"),
    "core_versions": ("weekly_core_versions", "''", "core_version"),
    "core_series": ("weekly_core_series", "''", "series"),
    "compute_resources": ("weekly_compute_resources", "''", "compute_resource"),
    "proxy_features": ("weekly_proxy_features", "''", "feature"),
    "proxy_versions": ("weekly_proxy_versions", "''", "version"),
    "proxy_skew": ("weekly_proxy_skew", "''", "skew"),
    "sizes": ("weekly_sizes", "counted", "band"),
    "facts": ("weekly_facts", "key", "value"),
}


@dataclass(frozen=True)
class Edition:
    """The figures of one week.  What is in '(other)' has no name and is left out."""

    week_start: str
    established: int
    cells: dict[Attribute, int]

    def share(self, attribute: Attribute) -> float:
        """Return the published share; 0 of what is not shown."""
        return self.cells.get(attribute, 0) / self.established


def editions(public: Path) -> list[Edition]:
    """Return the weeks of a public database, in order."""
    with closing(sqlite3.connect(f"{public.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        weeks = connection.execute("select week_start, established from weekly_installations order by 1").fetchall()
        cells: dict[str, dict[Attribute, int]] = {week: {} for week, _ in weeks}
        for mart, (table, parent, name) in _TABLES.items():
            select = f"select week_start, {parent}, {name}, installations from {table} where {name} <> ?"
            for week, of, named, figure in connection.execute(select, (OTHER,)):
                if of != "hosts":  # the same figures again as in weekly_facts
                    cells[week][mart, of, named] = figure
    return [Edition(week, established, cells[week]) for week, established in weeks]


@dataclass(frozen=True)
class CrossTables:
    """What went with each plugin in the last cross weeks: for each (plugin, name), a figure by week, or None."""

    weeks: list[str]
    cells: dict[str, dict[tuple[str, str, str], int]]  # by table, then week, plugin and name
    plugins: dict[tuple[str, str], int]  # the figures of the plugins, by week and name

    def figures(self, table: str, plugin: str, name: str) -> list[int | None]:
        """Return the figure of a cell in each of the weeks."""
        return [self.cells[table].get((week, plugin, name)) for week in self.weeks]


_CROSSED = {"plugin_pairs": "other_plugin", "plugin_series": "series", "weekly_plugin_versions": "version"}


def cross_tables(public: Path, last: int) -> CrossTables:
    """Return the cross tables of the `last` weeks that have them."""
    with closing(sqlite3.connect(f"{public.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        select = "select distinct week_start from plugin_pairs order by 1"
        weeks = [week for (week,) in connection.execute(select)][-last:]
        cells = {
            table: {
                (week, plugin, named): figure
                for week, plugin, named, figure in connection.execute(
                    f"select week_start, plugin, {name}, installations from {table}"
                )
                if week in weeks
            }
            for table, name in _CROSSED.items()
        }
        select = "select week_start, plugin, installations from weekly_plugins"
        plugins = {(week, plugin): figure for week, plugin, figure in connection.execute(select)}
    return CrossTables(weeks, cells, plugins)


def has_column(public: Path, table: str, column: str) -> bool:
    """Return whether a public table has a column."""
    with closing(sqlite3.connect(f"{public.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        return column in {name for _, name, *_ in connection.execute(f"pragma table_info({table})")}
