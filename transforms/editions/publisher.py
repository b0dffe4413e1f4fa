"""Which weeks become editions in a run, and what is kept privately of each."""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from settings import Settings
from transforms.editions.cells import cells_of
from transforms.editions.edition import Edition, Header, Table
from transforms.editions.making import Maker, TrueCounts
from transforms.editions.store import Editions
from transforms.publishing.checking import NotPublishedError
from weeks import monday, weeks_later

_REASON_LENGTH_MAX = 120


class RevisionError(RuntimeError):
    """The weeks cannot be revised; the message says why."""


@dataclass(frozen=True)
class Revision:
    """That published weeks are to be counted again, and why."""

    first_week: str
    reason: str


def require_revision(settings: Settings, revision: Revision) -> None:
    """Raise RevisionError unless a published week is named, and a reason that can be published."""
    week, reason = revision.first_week, revision.reason
    if not (reason.isprintable() and 0 < len(reason) <= _REASON_LENGTH_MAX):
        raise RevisionError(f"the reason is published: give 1 to {_REASON_LENGTH_MAX} printable characters")
    weeks = Editions(settings.editions).weeks
    if not weeks:
        raise RevisionError("no week is published yet")
    if week not in weeks:
        raise RevisionError(f"{week!r} is not a published week; give a Monday from {weeks[0]} to {weeks[-1]}")


def last_due(settings: Settings, now: datetime) -> str:
    """Return the last week that may be published by now."""
    return (monday(now.date() - timedelta(days=settings.publish_after_days)) - timedelta(weeks=1)).isoformat()


def _is_another(tables: Mapping[str, Table], shown: Mapping[str, Table]) -> bool:
    """Return whether a week says something else now, apart from columns that a version of before did not have."""
    alike = [name for name, table in shown.items() if name in tables and table.columns == tables[name].columns]
    return cells_of(tables) != cells_of(shown) or any(tables[name] != shown[name] for name in alike)


@dataclass
class Publisher:
    """Takes each week as it is counted, in order, and lets it wait for publication where that is due."""

    maker: Maker
    last_due: str
    countable_from: str  # uploads of the weeks before are purged
    kept_counts: Callable[[Header], Mapping[bytes, int]]  # the true counts behind the figures of a week; maybe none
    revision: Revision | None = None
    trouble: NotPublishedError | None = None  # why nothing may be published, or no more than what waits
    reason: str = ""  # why weeks are published that had been before
    is_rebuild: bool = False  # views.db passes every week again
    true_counts: dict[tuple[str, int], TrueCounts] = field(default_factory=dict)  # to be kept, by week and revision
    not_revised: list[str] = field(default_factory=list)  # weeks of which it is not kept what they had counted

    def take(self, week_start: str, *, is_ahead: bool) -> None:
        """Let the last counted week of views.db be published if it is due, and has not been yet.

        `is_ahead`: only for the look; more uploads of the week may come, and without figures it is not published.
        """
        is_before_all = bool(self.editions.weeks) and week_start < self.editions.weeks[0]  # it was never shown
        if self.trouble or week_start < self.countable_from or is_before_all:
            return
        try:
            self._take(week_start, is_ahead=is_ahead)
        except NotPublishedError as error:
            self.trouble = error  # views.db goes on all the same
            if self.revision:  # all of it, or nothing
                self.editions.waiting.clear()
                self.true_counts.clear()

    def _take(self, week_start: str, *, is_ahead: bool) -> None:
        latest = self.editions.latest(week_start)
        if latest is None:
            if week_start <= self.last_due and not self.revision:  # a revision revises, and does nothing else
                edition, counts = self.maker.first(week_start, self.reason)
                if edition.tables or not is_ahead:
                    self._add(edition, counts)
        elif self.revision and week_start >= self.revision.first_week:
            self._revise(latest, self.revision.reason)
        elif self.is_rebuild and not latest.noise and not self.kept_counts(latest):  # of an older version
            self.true_counts[week_start, latest.revision] = self.maker.true_counts(latest)

    @property
    def editions(self) -> Editions:
        """Return what is published and what waits: the maker looks into the same."""
        return self.maker.editions

    @property
    def taken(self) -> tuple[str, ...]:
        """Return the weeks that wait to be published."""
        return tuple(edition.header.week_start for edition in self.editions.waiting)

    def has_missed(self, connection: sqlite3.Connection) -> bool:
        """Return whether a week before the last counted one should be published and is not: views.db is past it."""
        counted = connection.execute("select counted_week from checkpoint").fetchone()[0]
        if self.trouble or not counted:
            return False
        if self.editions.weeks:
            missed = weeks_later(self.editions.weeks[-1], 1)
        else:
            missed = connection.execute("select min(first_week) from installations").fetchone()[0] or counted
        return bool(max(missed, self.countable_from) < min(counted, weeks_later(self.last_due, 1)))

    def _revise(self, latest: Header, reason: str) -> None:
        week_start, kept = latest.week_start, self.kept_counts(latest)
        shown = self.editions.tables(week_start)
        if not kept and shown:
            self.not_revised.append(week_start)
            return
        edition, counts = self.maker.revised(latest, kept, reason)
        if _is_another(edition.tables, shown):
            self._add(edition, counts)

    def _add(self, edition: Edition, counts: TrueCounts) -> None:
        self.editions.add(edition)
        self.true_counts[edition.header.week_start, edition.header.revision] = counts
