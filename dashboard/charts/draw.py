"""One chart, from description and rows to SVG: inside a page, or as a picture of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

from dashboard.charts.areas import draw_areas
from dashboard.charts.axes import Across
from dashboard.charts.bars import Link, draw_bars
from dashboard.charts.chart import Chart
from dashboard.charts.lines import draw_lines
from dashboard.charts.plot import HEIGHT, LEFT, RIGHT, RIGHT_WIDE, annotated
from dashboard.charts.svg import clean, shorten, tag, text

STYLE = (Path(__file__).parents[1] / "static" / "chart.css").read_text(encoding="utf-8")
WIDTH = 720  # of a picture of its own
MARGIN = 24
HEADING = 64
NOTHING = "Nothing to show: no group is large enough yet."


@dataclass(frozen=True)
class Caption:
    """`note`: the week, and how many installations were asked."""

    title: str
    note: str
    established: int | None = None
    annotations: Sequence[tuple[date, int]] = ()  # week, and the number under which it is explained


@dataclass(frozen=True)
class _Drawn:
    """`left` and `right`: the room next to it."""

    markup: str
    words: str
    height: int
    left: int = 0
    right: int = 0


def draw(
    chart: Chart, columns: Sequence[str], rows: Sequence[Sequence[Any]], caption: Caption, link: Link | None = None
) -> str:
    """For the inside of a page, as wide as its place; the page says the title.  Empty where there is nothing.

    `link`: the address that a bar's name leads to.
    """
    drawn = _drawn(chart, columns, rows, caption, link)
    if drawn is None:
        return ""
    room = {0: "chart", RIGHT: "chart plot", RIGHT_WIDE: "chart plot-wide"}[drawn.right]
    # An image has nothing to follow inside, for who cannot see it.
    role = "group" if "<a " in drawn.markup else "img"
    return _svg(drawn.markup, caption, drawn.words, role=role, class_=room, width="100%", height=drawn.height)


def picture(chart: Chart, columns: Sequence[str], rows: Sequence[Sequence[Any]], caption: Caption) -> str:
    """For an <img> anywhere: with its title, its week, its colours for light and dark, and a ground to stand on."""
    drawn = _drawn(chart, columns, rows, caption) or _Drawn(text(NOTHING, x="0", y=20, class_="quiet"), NOTHING, 40)
    tall = HEADING + drawn.height + MARGIN
    inside = {"x": MARGIN + drawn.left, "width": WIDTH - 2 * MARGIN - drawn.left - drawn.right}
    body = [
        tag("style", STYLE),
        tag("rect", width="100%", height="100%", class_="ground"),
        text(shorten(caption.title, 72), x=MARGIN, y=32, class_="title"),
        text(shorten(caption.note, 100), x=MARGIN, y=52, class_="quiet"),
        tag("svg", drawn.markup, y=HEADING, height=drawn.height, overflow="visible", **inside),
    ]
    box = {"width": WIDTH, "height": tall, "viewBox": f"0 0 {WIDTH} {tall}"}
    return _svg("".join(body), caption, drawn.words, role="img", class_="chart", **box)


def _drawn(
    chart: Chart, columns: Sequence[str], rows: Sequence[Sequence[Any]], caption: Caption, link: Link | None = None
) -> _Drawn | None:
    picked = chart.pick(columns, rows)
    if not picked:
        return None
    if chart.kind == "bars":
        return _Drawn(*draw_bars(chart, chart.bars(columns, rows, caption.established), link))
    markup, words = (draw_areas if chart.kind == "areas" else draw_lines)(chart, picked)
    markup += annotated(Across.of([x for x, _, _ in picked], chart.over), caption.annotations)
    is_wide = chart.kind == "lines" and not chart.over
    return _Drawn(markup, words, HEIGHT, LEFT, RIGHT_WIDE if is_wide else RIGHT)


def _svg(body: str, caption: Caption, words: str, **attributes: object) -> str:
    name = "c" + sha256(caption.title.encode()).hexdigest()[:8]  # several charts share a page
    return tag(
        "svg",
        tag("title", escape(clean(f"{caption.title}. {caption.note}")), id=f"{name}-t"),
        tag("desc", escape(clean(words)), id=f"{name}-d"),
        body,
        xmlns="http://www.w3.org/2000/svg",
        aria_labelledby=f"{name}-t",
        aria_describedby=f"{name}-d",
        **attributes,
    )
