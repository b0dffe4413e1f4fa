"""Shares of a whole over the weeks, stacked in the order of the rows: how one series replaces another."""

from collections.abc import Mapping, Sequence
from datetime import date
from graphlib import CycleError, TopologicalSorter
from heapq import heappop, heappush
from html import escape
from itertools import pairwise

from dashboard.charts.axes import TOP, Across, place_of, value_axis
from dashboard.charts.chart import Chart
from dashboard.charts.labels import Band, names_within
from dashboard.charts.numbers import share
from dashboard.charts.plot import BOTTOM, GAP, framed, path
from dashboard.charts.svg import clean, shorten, tag

SHADES = 9  # of the ramp in chart.css, from the oldest to the newest
FEW = 6  # so many areas are all named at the right-hand end


def draw_areas(chart: Chart, picked: Sequence[tuple[object, str, float]]) -> tuple[str, str]:
    """(markup, what it shows in words)."""
    across = Across.of([x for x, _, _ in picked])
    bands = _bands(across.places, picked, chart.order)
    shades = {name: _shade(list(bands), name) for name in bands}
    shapes = "".join(
        tag("path", d=_outline(across, band), class_=f"area {shades[name]}") for name, band in reversed(bands.items())
    )
    least = 0 if len(bands) <= FEW else GAP / 2 / (BOTTOM - TOP)
    ends = [
        (_height((low[-1] + high[-1]) / 2), _end(name, high[-1] - low[-1]))
        for name, (low, high) in bands.items()
        if high[-1] - low[-1] > least
    ]
    axis = value_axis([0, 50, 100], lambda at: _height(at / 100), "%")
    over = names_within(across, bands, shades, _height)
    return framed(across, shapes, over + axis, ends), _words(across, bands)


def stacked(picked: Sequence[tuple[object, str, float]]) -> list[str]:
    """Return the names from the bottom up, as the rows of every week have them from the last to the first.

    What is in brackets, such as '(other)', is at the bottom; names that no week has together follow by their last week,
    as do all names where two weeks disagree.
    """
    of_week: dict[int, list[str]] = {}
    for x, name, _ in reversed(picked):
        of_week.setdefault(place_of(x), []).append(name)
    last_week = {name: week for week in sorted(of_week) for name in of_week[week]}
    order = TopologicalSorter({name: set[str]() for name in last_week})
    for names in of_week.values():
        for below, above in pairwise(dict.fromkeys(names)):
            order.add(above, below)
    try:
        order.prepare()
    except CycleError:
        found = sorted(last_week, key=lambda name: (last_week[name], of_week[last_week[name]].index(name)))
    else:
        found = _by_last_week(order, last_week)
    return [*sorted(name for name in found if name.startswith("(")), *(n for n in found if not n.startswith("("))]


def _by_last_week(order: TopologicalSorter[str], last_week: Mapping[str, int]) -> list[str]:
    free: list[tuple[int, str]] = []
    found: list[str] = []
    while order.is_active():
        for name in order.get_ready():
            heappush(free, (last_week[name], name))
        found.append(heappop(free)[1])
        order.done(found[-1])
    return found


def _bands(places: Sequence[int], picked: Sequence[tuple[object, str, float]], order: Sequence[str]) -> dict[str, Band]:
    counts: dict[str, dict[int, float]] = {}
    for x, name, y in picked:
        of_name = counts.setdefault(name, {})
        of_name[place_of(x)] = of_name.get(place_of(x), 0) + y
    totals = {place: sum(of_name.get(place, 0) for of_name in counts.values()) or 1 for place in places}
    floor = [0.0] * len(places)
    bands = {}
    ranks = {name: at for at, name in enumerate(order or stacked(picked))}
    for name in sorted(counts, key=lambda name: (ranks.get(name, -1), name)):
        ceiling = [low + counts[name].get(at, 0) / totals[at] for low, at in zip(floor, places, strict=True)]
        bands[name] = (floor, ceiling)
        floor = ceiling
    return bands


def _height(part: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * part


def _outline(across: Across, band: Band) -> str:
    """From its upper edge to the bottom: the next older one, drawn later, lies over it, so each edge is written once.

    Only where the series exists, with one week next to it; a single week fills the width.
    """
    low, high = band
    there = [i for i in range(len(low)) if high[i] > low[i]]
    begin, end = max(there[0] - 1, 0), min(there[-1] + 1, len(low) - 1)
    places = [across.at(place) for place in across.places] if len(across.places) > 1 else [0.0, 1.0]
    if len(across.places) == 1:
        high, end = high * 2, 1
    upper = [(places[i], _height(high[i])) for i in range(begin, end + 1)]
    return path([*upper, (places[end], BOTTOM), (places[begin], BOTTOM)]) + "Z"


def _shade(names: Sequence[str], name: str) -> str:
    versions = [other for other in names if not other.startswith("(")]
    if name not in versions:
        return "rest"
    return f"r{round((SHADES - 1) * (versions.index(name) + 1) / len(versions))}"


def _end(name: str, part: float) -> str:
    return escape(shorten(clean(name), 9)) + " " + tag("tspan", escape(share(part, 1)), class_="strong")


def _words(across: Across, bands: Mapping[str, Band]) -> str:
    sentences = []
    for at in sorted({0, len(across.places) - 1}):
        parts = [(high[at] - low[at], name) for name, (low, high) in bands.items()]
        listed = ", ".join(f"{name} {share(part, 1)}" for part, name in sorted(parts, reverse=True) if part)
        sentences.append(f"Week of {date.fromordinal(across.places[at])}: {listed}.")
    return " ".join(sentences)
