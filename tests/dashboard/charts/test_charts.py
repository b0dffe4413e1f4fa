import re
from xml.etree.ElementTree import Element, fromstring

import pytest

from dashboard.charts import Caption, Chart, ChartError, draw, picture
from dashboard.charts.areas import stacked
from dashboard.charts.axes import Across, spread, value_ticks
from tests.dashboard.asking import Get
from tests.dashboard.questions.test_queries import PUBLIC

OF_CROSS_TABLES = {"goes_with", "plugin_by_series"}
SVG = "{http://www.w3.org/2000/svg}"
CAPTION = Caption("Which plugins?", "Week of 16 November 2026 · 80 established installations", 80)
BARS = Chart(kind="bars", x="plugin", y="n", of="established")
LINE = Chart(kind="line", x="week", y="n")
AREAS = Chart(kind="areas", x="week", y="n", series="series")


def words_of(svg: Element, name: str) -> str:
    found = svg.find(f"{SVG}{name}")
    assert found is not None
    return found.text or ""


@pytest.mark.parametrize("name", [query.name for query in PUBLIC.values() if query.chart])
def test_every_chart_is_a_picture_with_its_title_its_week_and_words(get: Get, name: str) -> None:
    answer = get(f"/public/{name}.svg")
    assert answer.headers["content-type"] == "image/svg+xml; charset=utf-8"
    assert answer.headers["access-control-allow-origin"] == "*"
    svg = fromstring(answer.text)  # noqa: S314 - our own
    assert svg.get("role") == "img"
    week = "28 October 2024 · 800 of 947" if name in OF_CROSS_TABLES else "6 January 2025 · ([0-9]+ of )?977"
    assert re.search(f"Week of {week} established installations", words_of(svg, "title"))
    assert len(words_of(svg, "desc")) > 10
    assert {svg.get("aria-labelledby"), svg.get("aria-describedby")} <= {e.get("id") for e in svg.iter()}
    visible = [e.text for e in svg.iter(f"{SVG}text")]
    assert words_of(svg, "title").partition(". ")[0].partition("? ")[0].rstrip("?") in str(visible)
    assert "prefers-color-scheme: dark" in answer.text
    assert "http" not in answer.text.replace("http://www.w3.org/2000/svg", "")


def test_a_query_without_a_chart_has_no_picture(get: Get) -> None:
    assert get("/public/plugins_within_a_year.svg").status_code == 404
    assert get("/public/weekly_plugins.svg").status_code == 404


def test_bars_say_number_and_share() -> None:
    svg = draw(BARS, ["plugin", "n"], [("katello", 40), ("foreman_ansible", 20)], CAPTION)
    assert words_of(fromstring(svg), "desc") == "katello: 40 · 50.0 %; foreman_ansible: 20 · 25.0 %."  # noqa: S314 - our own
    assert 'width="50%"' in svg


@pytest.mark.parametrize("chart", [BARS, Chart(kind="lines", x="week", y="n", series="plugin"), AREAS])
def test_names_are_escaped_and_cleaned(chart: Chart) -> None:
    name = "<script>alert(1)</script>\x00\u202e&\"'"
    rows = [(f"2026-11-{day:02d}", name, name, 8) for day in (2, 9)]
    for svg in (
        draw(chart, ["week", "plugin", "series", "n"], rows, CAPTION),
        picture(chart, ["week", "plugin", "series", "n"], rows, CAPTION),
    ):
        assert "<script" not in svg
        assert "\u202e" not in svg
        assert any("<script>" in (e.text or "") for e in fromstring(svg).iter())  # noqa: S314 - our own


def test_nothing_to_draw_is_no_chart_in_a_page_and_a_sentence_in_a_picture() -> None:
    assert draw(BARS, ["plugin", "n"], [], CAPTION) == ""
    assert draw(LINE, ["week", "n"], [("2026-11-16", None)], CAPTION) == ""
    assert "no group is large enough yet" in picture(BARS, ["plugin", "n"], [], CAPTION)


@pytest.mark.parametrize("chart", [LINE, AREAS])
def test_a_single_week_is_drawn(chart: Chart) -> None:
    svg = draw(chart, ["week", "series", "n"], [("2026-11-16", "3.16", 8)], CAPTION)
    assert "16 Nov" in svg
    assert "NaN" not in svg
    fromstring(svg)  # noqa: S314 - our own


@pytest.mark.parametrize(
    ("description", "message"),
    [
        ({"kind": "pie", "x": "a", "y": "b"}, "kind 'pie'"),
        ({"kind": "line", "x": "a"}, "give y"),
        ({"kind": "areas", "x": "a", "y": "b"}, "needs series"),
        ({"kind": "line", "x": "a", "y": "b", "z": "c"}, "no such key: z"),
    ],
)
def test_a_description_that_cannot_be_drawn_is_refused(description: dict[str, str], message: str) -> None:
    with pytest.raises(ChartError, match=message):
        Chart.from_metadata(description)


def test_areas_are_stacked_as_the_rows_have_them() -> None:
    """Found: the chart had an order of versions of its own, which put 3.9.0 below 3.9.0-rc1."""
    weeks = {
        "2026-11-16": ["(unknown)", "(other)", "5.0.0", "3.10.0", "3.9.0"],
        "2026-11-09": ["(other)", "3.10.0", "3.9.0", "3.9.0-rc1"],
        "2026-11-02": ["3.9.0-rc1", "3.8.1"],
        "2026-10-26": ["3.8.1", "3.7.0"],
    }
    rows = [(week, name, 5.0) for week, names in weeks.items() for name in names]
    assert stacked(rows) == ["(other)", "(unknown)", "3.7.0", "3.8.1", "3.9.0-rc1", "3.9.0", "3.10.0", "5.0.0"]


def test_rows_whose_weeks_disagree_are_drawn_all_the_same() -> None:
    """A query may order its rows by size; the latest week then decides."""
    weeks = {"2026-11-16": ["b", "a", "c"], "2026-11-09": ["a", "b"]}
    assert stacked([(week, name, 5.0) for week, names in weeks.items() for name in names]) == ["c", "a", "b"]


@pytest.mark.parametrize(
    ("largest", "ticks"),
    [(0, [0, 1]), (3, [0, 1, 2, 3]), (62.5, [0, 20, 40, 60, 80]), (98, [0, 50, 100]), (1165, [0, 500, 1000, 1500])],
)
def test_ticks_are_few_and_round(largest: float, ticks: list[float]) -> None:
    assert value_ticks(largest) == ticks


def test_weeks_are_named_by_month_or_by_day() -> None:
    assert [name for _, name in Across.of(["2023-11-20", "2026-11-16"]).ticks()] == ["2024", "2025", "2026"]
    assert [name for _, name in Across.of(["2026-08-31", "2026-11-16"]).ticks()] == ["Sep", "Oct", "Nov"]
    assert [name for _, name in Across.of(["2026-11-09", "2026-11-16"]).ticks()] == ["9 Nov", "16 Nov"]


def test_names_at_the_end_keep_apart() -> None:
    assert spread([10, 12, 50], 16, 100) == [10, 26, 50]
    assert spread([95, 99], 16, 100) == [84, 100]
