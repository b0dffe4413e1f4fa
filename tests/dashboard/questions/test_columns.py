from typing import Any

import pytest

from dashboard.questions.columns import Words, cells, head
from dashboard.questions.queries import Rows, load_metadata, queries_of
from tests.dashboard.asking import Get

METADATA = load_metadata("public")
HEADINGS: dict[str, str] = METADATA["headings"]
WORDS = Words(HEADINGS, METADATA["changes"])
COLUMNS = ["plugin", "installations", "percent", "low", "high", "points_in_a_year"]


def texts(row: list[Any], links: dict[str, str] | None = None) -> list[str]:
    return [cell.text for cell in cells(WORDS, COLUMNS, row, links or {})]


def test_an_interval_is_one_cell_under_one_heading() -> None:
    row = ["katello", 961, 37.2, 35.4, 39.0, 0.4]
    assert [each.text for each in head(WORDS, Rows(COLUMNS, [row]))] == [
        "Plugin", "Installations", "Share, %", "95 % interval, %", "Change in 52 weeks, points",
    ]  # fmt: skip
    assert texts(row) == ["katello", "961", "37.2", "35.4 to 39.0", "+0.4"]


def test_a_share_of_what_is_there_is_not_0_and_a_change_has_a_true_sign() -> None:
    assert texts(["docker", 8, 0.0, 0.0, 0.1, -0.5]) == ["docker", "8", "< 0.1", "0.0 to 0.1", "\N{MINUS SIGN}0.5"]
    assert texts(["docker", 8, 0.3, 0.2, 0.6, None])[-1] == ""


def test_a_name_leads_on_and_what_is_in_brackets_does_not() -> None:
    links = {"plugin": "/plugin/"}
    assert cells(WORDS, ["plugin"], ["a/b"], links)[0].href == "/plugin/a%2Fb"
    assert cells(WORDS, ["plugin"], ["(other)"], links)[0].href == ""


@pytest.mark.parametrize("name", queries_of(METADATA, "public"))
def test_every_column_of_a_question_has_a_heading(get: Get, name: str) -> None:
    columns = get(f"/public/{name}.json").json()["columns"]
    assert [column for column in columns if column not in HEADINGS] == []


def test_every_column_of_the_operators_questions_too(get_explorer: Get) -> None:
    for name in queries_of(load_metadata("views"), "views"):
        columns = get_explorer(f"/views/{name}.json").json()["columns"]
        assert [column for column in columns if column not in HEADINGS] == [], name


def test_every_change_and_every_heading_is_of_a_column(get: Get, get_explorer: Get) -> None:
    public = [c for name in queries_of(METADATA, "public") for c in get(f"/public/{name}.json").json()["columns"]]
    views = queries_of(load_metadata("views"), "views")
    columns = {*public, *(c for name in views for c in get_explorer(f"/views/{name}.json").json()["columns"])}
    assert set(HEADINGS) - columns == set()
    assert set(METADATA["changes"]) - columns == set()
