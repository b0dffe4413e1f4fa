"""A ranking: the name, its number, and a bar below both, so that long names and narrow screens agree."""

from collections.abc import Callable, Sequence
from html import escape

from dashboard.charts.chart import Bar, Chart
from dashboard.charts.numbers import number, share, signed
from dashboard.charts.svg import clean, percent, shorten, tag, text

Link = Callable[[str], str]
ROW = 34
THICK = 6
LEGEND = 22
LONGEST = 34  # letters of a name


def draw_bars(chart: Chart, bars: Sequence[Bar], link: Link | None = None) -> tuple[str, str, int]:
    """(markup, words, height).  `link`: the address that a name leads to; none for names in brackets."""
    shown = bars[: chart.top] if chart.top else bars
    longest = 100 if chart.unit == "%" else max(bar.value for bar in shown)
    top = LEGEND if chart.change else 0
    marks, words = [_legend()] if chart.change else [], []
    for at, bar in enumerate(shown):
        full = bar.whole or longest
        marks.append(_bar(bar, _said(chart, bar), top + at * ROW, min(bar.value / full, 1) if full else 0, link))
        change = "" if bar.change is None else f", {signed(bar.change)} points in a year"
        words.append(f"{bar.name}: {_said(chart, bar)}{change}")
    rest = len(bars) - len(shown)
    said = "; ".join(words) + (f"; and {rest} more." if rest else ".")
    return "".join(marks), said, top + ROW * len(shown)


def _said(chart: Chart, bar: Bar) -> str:
    return number(bar.value, chart.unit) + (f" · {share(bar.value, bar.whole)}" if bar.whole else "")


def _bar(bar: Bar, said: str, top: int, part: float, link: Link | None) -> str:
    name = text(shorten(bar.name, LONGEST), x="0", y=top + 15)
    if link is not None and not bar.name.startswith("("):
        written = text(shorten(bar.name, LONGEST), x="0", y=top + 15, class_="link")
        name = tag("a", written, href=link(bar.name))
    change = "" if bar.change is None else tag("tspan", signed(bar.change), class_="quiet") + " \N{NO-BREAK SPACE}"
    figures = change + tag("tspan", escape(clean(said)), class_="strong")
    thick = {"x": "0", "y": top + 21, "height": THICK, "rx": 2}
    return (
        name
        + tag("text", figures, x="100%", y=top + 15, text_anchor="end")
        + tag("rect", width="100%", class_="track", **thick)
        + tag("rect", width=percent(part), class_="bar", **thick)
    )


def _legend() -> str:
    """What the numbers at the right-hand end are."""
    words = "points in a year \N{NO-BREAK SPACE}" + tag("tspan", "installations · share", class_="strong")
    return tag("text", words, x="100%", y=12, text_anchor="end", class_="quiet")
