"""The frame that curves and areas share: a part that stretches, its weeks, and names at the right-hand end."""

from collections.abc import Sequence
from datetime import date

from dashboard.charts.axes import FOOT, TOP, WIDE, Across, across_axis, spread
from dashboard.charts.svg import percent, tag, text

HEIGHT = 240
BOTTOM = HEIGHT - FOOT
LEFT = 48  # room for numbers
RIGHT = 120  # room for a short name and its number
RIGHT_WIDE = 236  # and for a long name; less where the page is narrow, see chart.css
GAP = 16  # between the lines of text at the right-hand end


def framed(across: Across, shapes: str, over: str, ends: Sequence[tuple[float, str]]) -> str:
    """`shapes` are in units of WIDE, and stretched; `over` in percent; `ends` are (height, text as markup).

    The frame is the plot: numbers stand to the left of it, at less than 0, and names to the right, beyond 100 %.
    """
    stretched = tag(
        "svg",
        shapes,
        viewBox=f"0 0 {WIDE} {HEIGHT}",
        preserveAspectRatio="none",
        width="100%",
        height=HEIGHT,
        overflow="visible",
    )
    heights = spread([height + 4 for height, _ in ends], GAP, BOTTOM)
    names = [tag("text", markup, x="100%", dx=8, y=at) for at, (_, markup) in zip(heights, ends, strict=True)]
    return stretched + over + across_axis(across, BOTTOM) + "".join(names)


def annotated(across: Across, annotations: Sequence[tuple[date, int]]) -> str:
    """A dashed line in each week that has one, with its number on top."""
    marks = []
    for day, number in annotations:
        if not across.is_days and across.places[0] <= day.toordinal() <= across.places[-1]:
            x = percent(across.at(day.toordinal()))
            marks.append(tag("line", x1=x, x2=x, y1=TOP, y2=BOTTOM, class_="note"))
            marks.append(text(str(number), x=x, y=TOP - 4, text_anchor="middle", class_="quiet"))
    return "".join(marks)


def path(points: Sequence[tuple[float, float]]) -> str:
    """From place to place, in whole units across and tenths of a pixel down: a third of the text of exact numbers."""
    written = [f"M{points[0][0] * WIDE:.0f} {points[0][1]:.1f}"]
    before = (round(points[0][0] * WIDE), round(points[0][1], 1))
    for x, y in points[1:]:
        here = (round(x * WIDE), round(y, 1))
        written.append(f"l{here[0] - before[0]} {_tenths(here[1] - before[1])}")
        before = here
    return "".join(written)


def _tenths(value: float) -> str:
    return f"{round(value, 1):g}"
