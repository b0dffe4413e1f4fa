"""Values over the weeks: one line, or a few with their names beside them."""

from collections.abc import Callable, Sequence
from datetime import date
from html import escape

from dashboard.charts.axes import TOP, WIDE, Weeks, grid, value_axis, value_ticks
from dashboard.charts.chart import Chart
from dashboard.charts.plot import BOTTOM, framed, path
from dashboard.charts.svg import clean, number, percent, shorten, tag

MOST = 6  # colours that everyone tells apart

Points = Sequence[tuple[date, float]]


def draw_lines(chart: Chart, picked: Sequence[tuple[object, str, float]]) -> tuple[str, str]:
    """(markup, what it shows in words)."""
    weeks = Weeks.of([x for x, _, _ in picked])
    lines = _lines(chart, picked)
    ticks = value_ticks(max(y for points in lines.values() for _, y in points))

    def height(value: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * value / ticks[-1]

    is_alone = not chart.series
    shapes = "".join(_shape(i, points, weeks, height, is_alone) for i, points in enumerate(lines.values()))
    ends = [(height(points[-1][1]), _end(chart, name, i, points)) for i, (name, points) in enumerate(lines.items())]
    dots = [_dot(i, points, weeks, height) for i, points in enumerate(lines.values()) if len(points) == 1]
    axis = value_axis(ticks, height, chart.unit)
    markup = grid(ticks, height) + framed(weeks, shapes, "".join(dots) + axis, ends)
    words = [_words(chart, name, points) for name, points in lines.items()]
    return markup, " ".join(words)


def _lines(chart: Chart, picked: Sequence[tuple[object, str, float]]) -> dict[str, Points]:
    """The largest of the latest week first; those that have ended come last."""
    lines: dict[str, list[tuple[date, float]]] = {}
    for x, name, y in sorted(picked, key=lambda row: str(row[0])):
        lines.setdefault(name if chart.series else "", []).append((date.fromisoformat(str(x)), y))
    largest = sorted(lines, key=lambda name: lines[name][-1], reverse=True)
    return {name: lines[name] for name in largest[: chart.top or MOST]}


def _shape(at: int, points: Points, weeks: Weeks, height: Callable[[float], float], is_alone: bool) -> str:
    curve = path([(weeks.at(day), height(value)) for day, value in points])
    line = tag("path", d=curve, class_=f"line c{at % MOST}")
    if not is_alone or len(points) == 1:
        return line
    first, last = (round(weeks.at(day) * WIDE) for day in (points[0][0], points[-1][0]))
    return tag("path", d=f"{curve}L{last} {BOTTOM}L{first} {BOTTOM}Z", class_="under") + line


def _dot(at: int, points: Points, weeks: Weeks, height: Callable[[float], float]) -> str:
    day, value = points[0]
    return tag("circle", cx=percent(max(weeks.at(day), 0.01)), cy=height(value), r=4, class_=f"dot c{at % MOST}")


def _end(chart: Chart, name: str, at: int, points: Points) -> str:
    value = tag("tspan", number(points[-1][1], chart.unit), class_="strong")
    if not chart.series:
        return value
    return tag("tspan", escape(shorten(clean(name), 11)), class_=f"ink c{at % MOST}") + " " + value


def _words(chart: Chart, name: str, points: Points) -> str:
    (first_day, first), (last_day, last) = points[0], points[-1]
    highest_day, highest = max(points, key=lambda point: point[1])
    subject = f"{name}: f" if chart.series else "F"
    return (
        f"{subject}rom {number(first, chart.unit)} in the week of {first_day} to {number(last, chart.unit)} in the week"
        f" of {last_day}; highest {number(highest, chart.unit)}, in the week of {highest_day}."
    )
