"""Make the edition of a week from what views.db has at its end."""

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

from settings import Settings
from transforms.editions.cells import cells_of
from transforms.editions.edition import Edition, Header, Table
from transforms.editions.store import Editions
from transforms.editions.tabling import Tabling
from transforms.publishing.checking import Checker
from transforms.weeks.counting import count_week
from transforms.weeks.draws import Draws, Published, Recount
from transforms.weeks.noise import NoiseKey
from transforms.weeks.series_groups import Row
from vocabulary.catalogue import Catalogue
from weeks import year_before

_OF_YEAR_BEFORE = ("plugin", "installations", "share", "share_low", "share_high")

TrueCounts = dict[bytes, int]  # by cell id


def recounted(
    connection: sqlite3.Connection, catalogue: Catalogue, key: NoiseKey, header: Header, tables: Mapping[str, Table]
) -> TrueCounts:
    """Return how many of views.db are in each cell that an edition shows or hides, given its tables.

    Each is counted as a revision would count it: what hides beside an exact figure, too.
    """
    published = Published(cells_of(tables), {}, 0)
    draws = Recount(key, header.noise == 0, header.week_start, header.revision, published)
    k, active_weeks = header.min_group, header.active_weeks
    count_week(connection, catalogue, draws, k=k, active_weeks=active_weeks, highest={})
    return draws.true_counts


@dataclass(frozen=True)
class Maker:
    """Makes editions of the last counted week of views.db, which `connection` has open, under today's settings."""

    connection: sqlite3.Connection
    catalogue: Catalogue
    settings: Settings
    key: NoiseKey
    editions: Editions
    checker: Checker
    today: str

    def first(self, week_start: str, reason: str) -> tuple[Edition, TrueCounts]:
        """Return the edition of a week that has none; `reason` is empty if it never had.  Raise NotPublishedError."""
        settings = self.settings
        counted_by = settings.established_weeks, settings.active_weeks
        header = Header(week_start, 1, self.today, settings.min_group, settings.noise, *counted_by, reason)
        edition, counts = self._made(week_start, header, None)
        return edition, counts if header.noise else self._recounted(header, edition.tables)

    def revised(self, latest: Header, true_counts: Mapping[bytes, int], reason: str) -> tuple[Edition, TrueCounts]:
        """Return the next revision of a published week, given the true counts behind its figures, by cell id.

        It has the k and the noise of that week.  Only cells whose true count has changed by k have another figure.
        Raise NotPublishedError.
        """
        header = replace(
            latest,
            revision=latest.revision + 1,
            published_on=self.today,
            established_weeks=self.settings.established_weeks,
            active_weeks=self.settings.active_weeks,
            reason=reason,
        )
        figures = cells_of(self.editions.tables(latest.week_start))
        published = Published(figures, true_counts, max(latest.min_group, self.settings.min_group))
        return self._made(latest.week_start, header, published)

    def true_counts(self, latest: Header) -> TrueCounts:
        """Return the true counts behind a week of exact figures that was published without keeping them."""
        return self._recounted(latest, self.editions.tables(latest.week_start))

    def _recounted(self, header: Header, tables: Mapping[str, Table]) -> TrueCounts:
        return recounted(self.connection, self.catalogue, self.key, header, tables)

    def _made(self, week_start: str, header: Header, published: Published | None) -> tuple[Edition, TrueCounts]:
        draws = Draws(self.key, header.noise == 0, week_start, header.revision, published)
        cells = count_week(
            self.connection,
            self.catalogue,
            draws,
            k=header.min_group,
            active_weeks=header.active_weeks,
            highest=self._highest(week_start),
        )
        if cells is None:
            return Edition(header, {}), draws.true_counts
        tabling = Tabling(self.catalogue, week_start, header.noise)
        with closing(tabling.connection):
            tabling.write(
                established=cells.established,
                active=cells.active,
                rows=self._naming_nobody(cells.rows),
                pairs=self._naming_nobody(cells.pairs),
                plugins_year_before=self._year_before(week_start),
            )
            tabling.make()
            self.checker.check_week(tabling.connection, header)
            return Edition(header, tabling.tables()), draws.true_counts

    def _naming_nobody(self, rows: Iterable[Row]) -> list[Row]:
        """Leave out what the operator has listed, or given as a reason, and what is the uuid of an installation."""
        has_uuid = self.checker.has_uuid
        return [row for row in rows if not (has_uuid(row[1]) or has_uuid(row[2]))]

    def _highest(self, week_start: str) -> dict[str, int]:
        """Return the highest figure of each quarter that was published of an earlier week."""
        highest: dict[str, int] = {}
        for week in self.editions.weeks:
            if week < week_start:
                for row in self.editions.table(week, "weekly_retention").dicts():
                    highest[row["first_seen_quarter"]] = max(
                        row["installations"], highest.get(row["first_seen_quarter"], 0)
                    )
        return highest

    def _year_before(self, week_start: str) -> list[tuple[Any, ...]]:
        """Return what was published of each plugin 52 weeks before: name, figure, share and its interval."""
        rows = self.editions.table(year_before(week_start), "weekly_plugins").dicts()
        return [tuple(row[column] for column in _OF_YEAR_BEFORE) for row in rows]
