"""Weeks across and numbers up: where things lie, and the few lines that help to read them."""

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
class Weeks:
    """Position of a week, from 0 to 1, by its date: a week that is missing leaves a gap."""

    days: Sequence[date]

    @classmethod
    def of(cls, values: Sequence[object]) -> "Weeks":
        return cls(sorted({date.fromisoformat(str(value)) for value in values}))

    def at(self, day: date) -> float:
        span = (self.days[-1] - self.days[0]).days
        return (day - self.days[0]).days / span if span else 0.0

    def ticks(self) -> list[tuple[date, str]]:
        """Beginnings of months or years, five at most; the first and the last week where there are few."""
        months = _months(self.days[0], self.days[-1])
        step = next((n for n in (1, 2, 3, 6, 12, 24, 60) if len(_every(months, n)) <= 5), 120)
        found = [(day, _month_name(day, step)) for day in _every(months, step)]
        if len(found) >= 2:
            return found
        return [(day, f"{day.day} {day:%b}") for day in dict.fromkeys((self.days[0], self.days[-1]))]


def week_axis(weeks: Weeks, bottom: float) -> str:
    marks = [tag("line", x1="0", x2="100%", y1=bottom, y2=bottom, class_="rule")]
    for day, name in weeks.ticks():
        at = weeks.at(day)
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
