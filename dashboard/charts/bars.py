"""A ranking: the name, its number, and a bar below both, so that long names and narrow screens agree."""

from collections.abc import Sequence

from dashboard.charts.chart import Chart
from dashboard.charts.svg import number, percent, shorten, tag, text

ROW = 34
THICK = 6


def draw_bars(chart: Chart, picked: Sequence[tuple[object, str, float]], whole: int | None) -> tuple[str, str, int]:
    """(markup, words, height).  `whole`: what a full bar stands for; None: the largest value."""
    shown = picked[: chart.top] if chart.top else picked
    full = whole or max(value for _, _, value in shown)
    rows, words = [], []
    for at, (name, _, value) in enumerate(shown):
        top = at * ROW
        said = number(value, chart.unit) + (f" · {100 * value / whole:.0f} %" if whole else "")
        rows += [
            text(shorten(str(name), 34), x="0", y=top + 15),
            text(said, x="100%", y=top + 15, text_anchor="end", class_="strong"),
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
        words.append(f"{name}: {said}")
    rest = len(picked) - len(shown)
    said = "; ".join(words) + (f"; and {rest} more." if rest else ".")
    return "".join(rows), said, ROW * len(shown)
