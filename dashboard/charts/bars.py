"""A ranking: the name, its number, and a bar below both, so that long names and narrow screens agree."""

from collections.abc import Mapping, Sequence

from dashboard.charts.chart import Chart
from dashboard.charts.svg import number, percent, points, shorten, tag, text

ROW = 34
THICK = 6


def draw_bars(
    chart: Chart, picked: Sequence[tuple[object, str, float]], whole: int | None, changes: Mapping[str, float]
) -> tuple[str, str, int]:
    """(markup, words, height).  `whole`: what a full bar stands for; None: the largest value, or 100 %."""
    shown = picked[: chart.top] if chart.top else picked
    full = whole or (100 if chart.unit == "%" else max(value for _, _, value in shown))
    rows, words = [], []
    for at, (name, _, value) in enumerate(shown):
        top = at * ROW
        said = number(value, chart.unit) + (f" · {100 * value / whole:.0f} %" if whole else "")
        rows += [
            text(shorten(str(name), 34), x="0", y=top + 15),
            _figures(said, changes.get(str(name)), top + 15),
            tag("rect", x="0", y=top + 21, width="100%", height=THICK, rx=2, class_="track"),
            tag(
                "rect",
                x="0",
                y=top + 21,
                width=percent(min(value / full, 1) if full else 0),
                height=THICK,
                rx=2,
                class_="bar",
            ),
        ]
        words.append(f"{name}: {said}" + _in_words(changes.get(str(name))))
    rest = len(picked) - len(shown)
    said = "; ".join(words) + (f"; and {rest} more." if rest else ".")
    return "".join(rows), said, ROW * len(shown)


def _figures(said: str, change: float | None, height: int) -> str:
    """At the right-hand end: the change first, so that the numbers stay below one another."""
    before = "" if change is None else tag("tspan", points(change), class_="quiet") + " \N{NO-BREAK SPACE}"
    return tag("text", before + tag("tspan", said, class_="strong"), x="100%", y=height, text_anchor="end")


def _in_words(change: float | None) -> str:
    return "" if change is None else f", {points(change)} points in a year"
