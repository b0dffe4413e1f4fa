"""Values over the weeks, or over days since a release: one line, or a few with their names next to them."""

from collections.abc import Callable, Sequence
from html import escape

from dashboard.charts.axes import TOP, WIDE, Across, grid, place_of, value_axis, value_ticks
from dashboard.charts.chart import Chart
from dashboard.charts.numbers import number
from dashboard.charts.plot import BOTTOM, framed, path
from dashboard.charts.svg import clean, percent, shorten, tag, text

MOST = 6  # colours that everyone tells apart
LONG, SHORT = 26, 11  # letters of a name at the right-hand end

Points = Sequence[tuple[int, float]]


def draw_lines(chart: Chart, picked: Sequence[tuple[object, str, float]]) -> tuple[str, str]:
    """(markup, what it shows in words)."""
    lines = _lines(chart, picked)
    across = Across.of([x for x, name, _ in picked if name in lines or not chart.series], chart.over)
    ticks = value_ticks(max(y for points in lines.values() for _, y in points))

    def height(value: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * value / ticks[-1]

    is_alone = not chart.series
    shapes = "".join(_shape(i, points, across, height, is_alone) for i, points in enumerate(lines.values()))
    ends, over = [], value_axis(ticks, height, chart.unit)
    for i, (name, points) in enumerate(lines.items()):
        if across.is_days or len(points) == 1:
            over += _dot(i, points, across, height)
        if across.is_days and points[-1][0] < across.places[-1]:
            over += _name_at_end(i, name, points, across, height)
        else:
            ends.append((height(points[-1][1]), _end(chart, name, i, points)))
    markup = grid(ticks, height) + framed(across, shapes, over, ends)
    return markup, " ".join(_words(chart, name, points, across) for name, points in lines.items())


def _lines(chart: Chart, picked: Sequence[tuple[object, str, float]]) -> dict[str, Points]:
    """The largest of the latest week first; those that have ended come last."""
    lines: dict[str, list[tuple[int, float]]] = {}
    for x, name, y in sorted(picked, key=lambda row: place_of(row[0], chart.over)):
        lines.setdefault(name if chart.series else "", []).append((place_of(x, chart.over), y))
    largest = sorted(lines, key=lambda name: lines[name][-1], reverse=True)
    return {name: lines[name] for name in largest[: chart.top or MOST]}


def _shape(at: int, points: Points, across: Across, height: Callable[[float], float], is_alone: bool) -> str:
    curve = path([(across.at(place), height(value)) for place, value in points])
    line = tag("path", d=curve, class_=f"line c{at % MOST}")
    if not is_alone or len(points) == 1:
        return line
    first, last = (round(across.at(place) * WIDE) for place in (points[0][0], points[-1][0]))
    return tag("path", d=f"{curve}L{last} {BOTTOM}L{first} {BOTTOM}Z", class_="under") + line


def _dot(at: int, points: Points, across: Across, height: Callable[[float], float]) -> str:
    place, value = points[-1]
    return tag("circle", cx=percent(max(across.at(place), 0.01)), cy=height(value), r=4, class_=f"dot c{at % MOST}")


def _name_at_end(at: int, name: str, points: Points, across: Across, height: Callable[[float], float]) -> str:
    """Below its last point, since lines that end later mostly lie above."""
    place, value = points[-1]
    x, y = percent(across.at(place)), min(height(value) + 19, BOTTOM - 4)
    return text(shorten(name, SHORT), x=x, y=y, text_anchor="middle", class_=f"ink ended c{at % MOST}")


def _end(chart: Chart, name: str, at: int, points: Points) -> str:
    value = tag("tspan", escape(number(points[-1][1], chart.unit)), class_="strong")
    if not chart.series:
        return value
    long, short = (escape(clean(part)) for part in (shorten(name, LONG), _without_first_word(name)))
    if long == short:
        return tag("tspan", long, class_=f"ink c{at % MOST}") + " " + value
    names = tag("tspan", long, class_="long") + tag("tspan", short, class_="short")
    return tag("tspan", names, class_=f"ink c{at % MOST}") + " " + value


def _without_first_word(name: str) -> str:
    """Where room is short: many names begin alike."""
    if len(name) <= SHORT:
        return name
    rest = name.replace("-", "_").partition("_")[2]
    return shorten("…" + name[-len(rest) :] if rest else name, SHORT)


def _words(chart: Chart, name: str, points: Points, across: Across) -> str:
    (first_at, first), (last_at, last) = points[0], points[-1]
    highest_at, highest = max(points, key=lambda point: point[1])
    subject = f"{name}: f" if chart.series else "F"
    return (
        f"{subject}rom {number(first, chart.unit)} {across.said(first_at)} to {number(last, chart.unit)} "
        f"{across.said(last_at)}; highest {number(highest, chart.unit)}, {across.said(highest_at)}."
    )
