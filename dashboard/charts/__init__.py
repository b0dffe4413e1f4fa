"""Pictures of query results, as SVG made here: a description next to the query, one renderer.

Vega-Lite in the server (vl-convert 1.9) was measured and left: 1.2 s for the first chart, 90 to 190 ms for each
after it, 115 MB of memory, 84 MB on disk, and 89 kB for the adoption of series, which is the front page's budget.
A chart made here also keeps its text at a readable size on a phone, because only the lines stretch.
"""

from dashboard.charts.chart import Chart, ChartError
from dashboard.charts.draw import Caption, draw, picture
from dashboard.charts.numbers import number, share, signed
from dashboard.charts.svg import tag

__all__ = ["Caption", "Chart", "ChartError", "draw", "number", "picture", "share", "signed", "tag"]
