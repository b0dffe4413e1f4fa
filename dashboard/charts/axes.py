"""Weeks or days across and numbers up: where things lie, and the few lines that help to read them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import ceil, floor, log10

from dashboard.charts.svg import percent, tag, text

TOP = 16  # room for the uppermost label
FOOT = 24  # room for the weeks
WIDE = 1000  # units of the stretched part; its height is in pixels


@dataclass(frozen=True)
class Across:
    """Position, from 0 to 1, of a week by its date, or of a number of days; what is missing leaves a gap.

    `places` are the weeks as ordinals of their Mondays, or the days as they are counted.
    """

    places: Sequence[int]
    is_days: bool = False

    @classmethod
    def of(cls, values: Sequence[object], over: str = "") -> "Across":
        places = {place_of(value, over) for value in values} | ({0} if over == "days" else set())
        return cls(sorted(places), over == "days")

    def at(self, place: int) -> float:
        span = self.places[-1] - self.places[0]
        return (place - self.places[0]) / span if span else 0.0

    def ticks(self) -> list[tuple[int, str]]:
        """Beginnings of months or years, five at most; the first and the last week where there are few."""
        if self.is_days:
            return [(int(day), f"day {day:,.0f}") for day in value_ticks(self.places[-1]) if self._holds(day)]
        first, last = (date.fromordinal(place) for place in (self.places[0], self.places[-1]))
        months = _months(first, last)
        step = next((n for n in (1, 2, 3, 6, 12, 24, 60) if len(_every(months, n)) <= 5), 120)
        found = [(day.toordinal(), _month_name(day, step)) for day in _every(months, step)]
        if len(found) >= 2:
            return found
        return [(day.toordinal(), f"{day.day} {day:%b}") for day in dict.fromkeys((first, last))]

    def said(self, place: int) -> str:
        return f"on day {place}" if self.is_days else f"in the week of {date.fromordinal(place)}"

    def _holds(self, place: float) -> bool:
        return self.places[0] <= place <= self.places[-1]


def place_of(value: object, over: str = "") -> int:
    return int(str(value)) if over == "days" else date.fromisoformat(str(value)).toordinal()


def across_axis(across: Across, bottom: float) -> str:
    marks = [tag("line", x1="0", x2="100%", y1=bottom, y2=bottom, class_="rule")]
    for place, name in across.ticks():
        at = across.at(place)
        anchor = "start" if at < 0.04 else "end" if at > 0.96 else "middle"
        marks.append(tag("line", x1=percent(at), x2=percent(at), y1=bottom, y2=bottom + 4, class_="rule"))
        marks.append(text(name, x=percent(at), y=bottom + 18, text_anchor=anchor, class_="quiet"))
    return "".join(marks)


def grid(ticks: Sequence[float], height: Callable[[float], float]) -> str:
    return "".join(tag("line", x1="0", x2="100%", y1=height(at), y2=height(at), class_="rule") for at in ticks if at)


def value_axis(ticks: Sequence[float], height: Callable[[float], float], unit: str = "") -> str:
    """To the left of the plot."""
    names = [f"{at:,.0f} {unit}".rstrip() for at in ticks]
    return "".join(
        text(name, x=-8, y=height(at) + 4, text_anchor="end", class_="quiet")
        for name, at in zip(names, ticks, strict=True)
    )


def value_ticks(largest: float) -> list[float]:
    """Three or four round steps from 0 to at least the largest."""
    if largest <= 0:
        return [0.0, 1.0]
    magnitude = 10.0 ** floor(log10(largest / 3))
    step = next(magnitude * n for n in (1, 2, 5, 10) if ceil(largest / (magnitude * n)) <= 4)
    step = max(step, 1.0)
    return [step * n for n in range(ceil(largest / step) + 1)]


def spread(wanted: Sequence[float], gap: float, lowest: float) -> list[float]:
    """The same heights, moved apart to at least the gap, none below the lowest; in the order given."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    placed = list(wanted)
    for before, here in pairwise(order):
        placed[here] = max(placed[here], placed[before] + gap)
    limit = lowest
    for here in reversed(order):
        placed[here] = min(placed[here], limit)
        limit = placed[here] - gap
    return placed


def _months(first: date, last: date) -> list[date]:
    count = (last.year - first.year) * 12 + last.month - first.month
    numbered = [first.month - 1 + n for n in range(count + 1)]
    days = [date(first.year + n // 12, n % 12 + 1, 1) for n in numbered]
    return [day for day in days if first <= day <= last]


def _every(months: Sequence[date], step: int) -> list[date]:
    return [day for day in months if (day.year * 12 + day.month - 1) % step == 0]


def _month_name(day: date, step: int) -> str:
    return str(day.year) if day.month == 1 or step >= 12 else f"{day:%b}"
