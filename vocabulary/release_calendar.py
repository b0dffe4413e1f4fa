"""The release calendar: how fresh a series was on a day.  Pure; a day is `YYYY-MM-DD`, which sorts as time does."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from vocabulary.versions import UNKNOWN, core_order, series, stage


@dataclass(frozen=True)
class Series:
    """First two segments of a version, and the day its first release (no candidate) came out."""

    name: str
    order: str
    released_on: str


class ReleaseCalendar:
    """The series in their order.  One that is not in the calendar is placed by order."""

    def __init__(self, releases: Iterable[tuple[str, str]]) -> None:
        """Take (version, day) of every release, candidates too."""
        first: dict[str, str] = {}
        for version, day in releases:
            name = series(version)
            if stage(version) == "release" and (name not in first or day < first[name]):
                first[name] = day
        self.series = sorted((Series(name, core_order(name), day) for name, day in first.items()), key=_by_order)
        self._orders = [one.order for one in self.series]

    def freshness(self, name: str, day: str) -> str:
        """Return latest, previous (both supported), older, ahead or UNKNOWN."""
        out = [one for one in self.series if one.released_on <= day]
        if name == UNKNOWN:
            return UNKNOWN
        order = core_order(name)
        if not out or order > out[-1].order:
            return "ahead"
        if order == out[-1].order:
            return "latest"
        return "previous" if len(out) > 1 and order >= out[-2].order else "older"

    def days_behind(self, name: str, day: str) -> int | None:
        """Return the days since the next series came out, 0 where none has; None where the series is unknown."""
        if name == UNKNOWN:
            return None
        for one in self.series[bisect_right(self._orders, core_order(name)) :]:
            if one.released_on <= day:
                return days_between(one.released_on, day)
        return 0

    def released_on(self, name: str) -> str | None:
        """Return the day of a series' first release."""
        return next((one.released_on for one in self.series if one.name == name), None)


def days_between(earlier: str, later: str) -> int:
    return (date.fromisoformat(later) - date.fromisoformat(earlier)).days


def _by_order(one: Series) -> str:
    return one.order
