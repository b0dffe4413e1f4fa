"""Names within areas: only where the whole name lies inside its own area, so that no edge runs through it.

How much of an area a name covers depends on how wide the chart is shown, which only the page knows.  So a name says
the narrowest chart that it fits into, and chart.css leaves it out of those that are narrower.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence

from dashboard.charts.axes import Across
from dashboard.charts.svg import percent, shorten, text

PLOTS = {"": 170, "at-middle": 380, "at-wide": 760}  # class of a name: pixels that the narrowest such plot is wide
LETTER = 8.2  # pixels across, of the widest common typeface
LINE = 18  # pixels that a line needs, with room around it
ROOM = 6  # pixels next to a name, both sides together
LONGEST = 12  # letters

Band = tuple[list[float], list[float]]  # lower and upper edge by week, from 0 to 1
Place = tuple[float, float]  # x from 0 to 1, height from 0 to 1


def names_within(
    across: Across, bands: Mapping[str, Band], shades: Mapping[str, str], height: Callable[[float], float]
) -> str:
    line = LINE / (height(0) - height(1))
    written = []
    for name, band in bands.items():
        label = shorten(name, LONGEST)
        for size, width in PLOTS.items():
            place = _roomiest(across, band, (LETTER * len(label) + ROOM) / width, line)
            if place is not None:
                x, y = percent(place[0]), height(place[1]) + 4
                written.append(text(label, x=x, y=y, text_anchor="middle", class_=f"on {shades[name]} {size}".strip()))
                break
    return "".join(written)


def _roomiest(across: Across, band: Band, width: float, line: float) -> Place | None:
    """The middle of the highest box of this width that lies within the band; None where none is as high as a line."""
    ats = [across.at(place) for place in across.places]
    best: Place | None = None
    highest = line
    for middle, lower, upper in zip(ats, *band, strict=True):
        left, right = middle - width / 2, middle + width / 2
        if left < 0 or right > 1 or upper - lower < highest:  # no box is higher than the band in its middle
            continue
        low, high = _within(ats, band, left, right)
        if high - low >= highest:
            best, highest = (middle, (low + high) / 2), high - low
    return best


def _within(ats: Sequence[float], band: Band, left: float, right: float) -> tuple[float, float]:
    """Highest lower edge and lowest upper edge from left to right, and at the weeks just next to."""
    first = max(bisect_right(ats, left) - 1, 0)
    last = bisect_left(ats, right)
    return max(band[0][first : last + 1]), min(band[1][first : last + 1])
