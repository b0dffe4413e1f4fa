"""What a version before the editions had published, as editions: its figures were exact."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from files import attach_read_only, open_read_only
from settings import Settings
from transforms.editions.edition import Edition, Header, Table
from transforms.editions.tabling import Tabling, read_weekly
from vocabulary.catalogue import Catalogue
from weeks import weeks_later, year_before

_RULES = "select min_group, established_weeks, active_weeks from publication"
_WEEKS = "select week_start from weekly_installations order by week_start"
_KEPT_WEEKS = "select week_start, min_group from shown_weeks order by week_start"
# From the figures in history.db, each by the columns that the models need.
_KEPT = {
    "shown_weeks": "select week_start, active, established from kept.shown_weeks where week_start = :week",
    "shown_cells": """
        select week_start, mart, parent, name, installations, n, share, share_low, share_high, sort_key
        from kept.shown_cells where week_start = :week""",
    "core_names": "select * from kept.core_names where week_start = :week",
    "plugins_year_before": """
        select name, installations, share, share_low, share_high
        from kept.shown_cells where week_start = :year_before and mart = 'plugins'""",
}


def editions_of_before(settings: Settings, today: str) -> list[Edition]:
    """Return every week that public.db shows, or, without one, history.db; none where no older version has published.

    Columns that are gone are left out.  Weeks in between that showed nothing are editions without rows: they stay so.
    """
    for editions in (_in_public(settings, today), _in_history(settings, today)):
        if shown := list(editions):
            return _without_gaps(shown)
    return []


def _in_public(settings: Settings, today: str) -> Iterator[Edition]:
    try:
        with closing(open_read_only(settings.public)) as connection:
            min_group, established_weeks, active_weeks = connection.execute(_RULES).fetchone()
            for (week,) in connection.execute(_WEEKS).fetchall():
                header = Header(week, 1, today, min_group, 0, established_weeks, active_weeks, "")
                yield Edition(header, read_weekly(connection, week))
    except sqlite3.DatabaseError:
        return  # none, or damaged


def _in_history(settings: Settings, today: str) -> Iterator[Edition]:
    catalogue = Catalogue.read()
    try:
        with closing(open_read_only(settings.history)) as connection:
            weeks = connection.execute(_KEPT_WEEKS).fetchall()
    except sqlite3.DatabaseError:
        return  # none, damaged, or of this version
    for week, min_group in weeks:
        header = Header(week, 1, today, min_group, 0, settings.established_weeks, settings.active_weeks, "")
        yield Edition(header, _tables_of(settings.history, catalogue, week))


def _tables_of(history: Path, catalogue: Catalogue, week: str) -> dict[str, Table]:
    tabling = Tabling(catalogue, week, noise=0)
    with closing(tabling.connection) as connection:
        attach_read_only(connection, history, "kept")
        for table, select in _KEPT.items():
            connection.execute(f"insert into {table} {select}", {"week": week, "year_before": year_before(week)})
        tabling.make()
        return tabling.tables()


def _without_gaps(shown: list[Edition]) -> list[Edition]:
    by_week = {edition.header.week_start: edition for edition in shown}
    editions, week, last = [], min(by_week), max(by_week)
    while week <= last:
        header = replace(shown[0].header, week_start=week)
        editions.append(by_week.get(week) or Edition(header, {}))
        week = weeks_later(week, 1)
    return editions
