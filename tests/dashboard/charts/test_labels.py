from hypothesis import given
from hypothesis import strategies as st

from dashboard.charts.labels import _within

EDGES = st.lists(st.floats(0, 1), min_size=2, max_size=30)


@given(EDGES, st.floats(0, 1), st.floats(0, 1))
def test_the_weeks_next_to_a_box_count_as_well(edges: list[float], one: float, other: float) -> None:
    """Found: looking through all weeks for each box, names took three quarters of the time of the front page."""
    ats = [place / (len(edges) - 1) for place in range(len(edges))]
    left, right = sorted((one, other))
    first = max(place for place, at in enumerate(ats) if at <= left)
    last = min(place for place, at in enumerate(ats) if at >= right)
    assert _within(ats, (edges, edges), left, right) == (max(edges[first : last + 1]), min(edges[first : last + 1]))
