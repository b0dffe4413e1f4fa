"""Shares of a whole over the weeks, stacked in version order: how one series gives way to the next."""

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape

from dashboard.charts.axes import TOP, Weeks, value_axis
from dashboard.charts.chart import Chart
from dashboard.charts.plot import BOTTOM, GAP, framed, path
from dashboard.charts.svg import clean, percent, shorten, tag, text

SHADES = 9  # of the ramp in chart.css, from the oldest to the newest
LABEL = 18  # pixels that a name within its area needs
EDGE = 0.016  # of the width, at either end, for each character of the name there
NEAR = 0.014  # of the width for each character: how far apart names are
NEAR_NARROW = 0.04  # and on a phone

Place = tuple[float, float]  # x from 0 to 1, y in pixels
Band = tuple[list[float], list[float]]  # lower and upper edge by week, from 0 to 1


def draw_areas(chart: Chart, picked: Sequence[tuple[object, str, float]]) -> tuple[str, str]:
    """(markup, what it shows in words)."""
    weeks = Weeks.of([x for x, _, _ in picked])
    bands = _bands(weeks.days, picked, chart.order)
    names = list(bands)
    shapes = "".join(
        tag("path", d=_outline(weeks, band), class_=f"area {_shade(names, name)}") for name, band in bands.items()
    )
    over = _names_within(weeks, bands)
    ends = [
        (_height((low[-1] + high[-1]) / 2), _end(name, high[-1] - low[-1]))
        for name, (low, high) in bands.items()
        if (high[-1] - low[-1]) * (BOTTOM - TOP) >= GAP / 2
    ]
    axis = value_axis([0, 50, 100], lambda at: _height(at / 100), "%")
    return framed(weeks, shapes, over + axis, ends), _words(weeks, bands)


def version_order(name: str) -> tuple[bool, list[tuple[int, str]]]:
    """3.9 before 3.10; what is in brackets, such as '(other)', comes first."""
    parts = name.replace("-", ".").split(".")
    return (not name.startswith("("), [(int(part), "") if part.isdigit() else (-1, part) for part in parts])


def _bands(days: Sequence[date], picked: Sequence[tuple[object, str, float]], order: Sequence[str]) -> dict[str, Band]:
    counts: dict[str, dict[date, float]] = {}
    for x, name, y in picked:
        of_name = counts.setdefault(name, {})
        of_name[date.fromisoformat(str(x))] = of_name.get(date.fromisoformat(str(x)), 0) + y
    totals = {day: sum(of_name.get(day, 0) for of_name in counts.values()) or 1 for day in days}
    floor = [0.0] * len(days)
    bands = {}
    places = {name: at for at, name in enumerate(order)}
    for name in sorted(counts, key=lambda name: (places.get(name, -1), version_order(name))):
        ceiling = [low + counts[name].get(day, 0) / totals[day] for low, day in zip(floor, days, strict=True)]
        bands[name] = (floor, ceiling)
        floor = ceiling
    return bands


def _height(share: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * share


def _outline(weeks: Weeks, band: Band) -> str:
    """Only where the series exists, with one week beside it; a single week fills the width."""
    low, high = band
    there = [i for i in range(len(low)) if high[i] > low[i]]
    begin, end = max(there[0] - 1, 0), min(there[-1] + 1, len(low) - 1)
    places = [weeks.at(day) for day in weeks.days] if len(weeks.days) > 1 else [0.0, 1.0]
    if len(weeks.days) == 1:
        low, high, end = low * 2, high * 2, 1
    upper = [(places[i], _height(high[i])) for i in range(begin, end + 1)]
    lower = [(places[i], _height(low[i])) for i in range(end, begin - 1, -1)]
    return path(upper + lower) + "Z"


def _names_within(weeks: Weeks, bands: Mapping[str, Band]) -> str:
    """Where an area is thick enough; a name too near the one before it is left out where the screen is narrow."""
    names = list(bands)
    written: list[str] = []
    wide: list[Place] = []
    narrow: list[Place] = []
    for name in reversed(names):
        thickest = _thickest(weeks, bands[name])
        if thickest is None:
            continue
        edge = EDGE * max(len(name), 4)
        place = (min(max(thickest[0], edge), 1 - edge), thickest[1])
        if _apart(place, wide) < NEAR * len(name):
            continue
        wide.append(place)
        is_spare = _apart(place, narrow) < NEAR_NARROW * len(name)
        narrow += [] if is_spare else [place]
        label = f"on {_shade(names, name)}" + (" spare" if is_spare else "")
        x, y = percent(place[0]), place[1] + 4
        written.append(text(shorten(name, 12), x=x, y=y, text_anchor="middle", class_=label))
    return "".join(written)


def _apart(place: Place, others: Sequence[Place]) -> float:
    """Across, from the nearest name on the same line."""
    return min((abs(place[0] - x) for x, y in others if abs(place[1] - y) < GAP), default=1.0)


def _thickest(weeks: Weeks, band: Band) -> Place | None:
    """With room around it; None where there is none."""
    low, high = band
    reach = max(len(low) // 24, 1)
    room = {i: min(high[j] - low[j] for j in range(i - reach, i + reach + 1)) for i in range(reach, len(low) - reach)}
    best = max(room, key=lambda i: room[i], default=None)
    if best is None or room[best] * (BOTTOM - TOP) < LABEL:
        return None
    return weeks.at(weeks.days[best]), _height((low[best] + high[best]) / 2)


def _shade(names: Sequence[str], name: str) -> str:
    versions = [other for other in names if not other.startswith("(")]
    if name not in versions:
        return "rest"
    return f"r{round((SHADES - 1) * (versions.index(name) + 1) / len(versions))}"


def _end(name: str, share: float) -> str:
    return escape(shorten(clean(name), 8)) + " " + tag("tspan", f"{100 * share:.0f} %", class_="strong")


def _words(weeks: Weeks, bands: Mapping[str, Band]) -> str:
    sentences = []
    for at in sorted({0, len(weeks.days) - 1}):
        shares = [(high[at] - low[at], name) for name, (low, high) in bands.items()]
        listed = ", ".join(f"{name} {100 * share:.1f} %" for share, name in sorted(shares, reverse=True) if share)
        sentences.append(f"Week of {weeks.days[at]}: {listed}.")
    return " ".join(sentences)
