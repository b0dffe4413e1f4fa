"""The figures of a week that may be shown."""

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from transforms.weeks.crossing import Crossing, Pair, is_crossed
from transforms.weeks.disclosure import Disclosure
from transforms.weeks.draws import Draws
from transforms.weeks.groups import WeekGroups
from transforms.weeks.pairs import sets_of_week
from transforms.weeks.series_groups import Row
from transforms.weeks.totals import Totals, left_out
from vocabulary.catalogue import Catalogue
from weeks import last_day, weeks_later

_PAIRS = {"plugin_pairs", "plugin_series"}


@dataclass(frozen=True)
class WeekCells:
    """The figures of a week that may be shown."""

    established: int
    active: int | None
    rows: list[Row]
    pairs: list[Pair]


def count_week(  # noqa: PLR0913 - all but three are named by who calls it
    connection: sqlite3.Connection,
    catalogue: Catalogue,
    draws: Draws,
    *,
    k: int,
    active_weeks: int,
    highest: Mapping[str, int],
) -> WeekCells | None:
    """Count the last counted week of views.db, which `connection` has open.

    `draws` is asked for the figure of each cell; `highest` has the highest figure of each quarter that was published of
    an earlier week.  Return None where the community is too small to show anything.
    """
    oldest_week = weeks_later(draws.week_start, 1 - active_weeks)
    totals = Totals.read(connection, oldest_week)
    established = draws.figure("totals", "", "established", totals.established)
    if established < k:
        return None
    disclosure = Disclosure(
        WeekGroups(connection),
        draws,
        established=established,
        k=k,
        is_crossed=is_crossed(draws.week_start) or "plugin_versions" in draws.published_marts,
        calendar=catalogue.calendar,
        day=last_day(draws.week_start),
        fields_of_words=[field.key for field in catalogue.fields.values() if field.kind == "words"],
    )
    return WeekCells(
        established,
        totals.shown_active(draws, k),
        list(chain(disclosure.rows(highest), left_out(connection, draws, k, oldest_week))),
        list(_pairs(connection, disclosure, draws, k)),
    )


def _pairs(connection: sqlite3.Connection, disclosure: Disclosure, draws: Draws, k: int) -> Iterator[Pair]:
    """Yield what goes with each plugin; nothing in most weeks."""
    if is_crossed(draws.week_start) or draws.published_marts & _PAIRS:
        plugins = disclosure.crossed_plugins()
        crossing = Crossing(sets_of_week(connection, plugins), draws, plugins, k)
        yield from crossing.pairs()
        yield from crossing.on_series(disclosure.shown_series())
