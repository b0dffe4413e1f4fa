import asyncio
import csv
import io
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from dashboard.questions.queries import Query, load_metadata, queries_of
from dashboard.servers import public_app
from simulation.public_database import insert, publish, share
from tests.dashboard.asking import Get, asking, settings_in

PUBLIC = queries_of(load_metadata("public"), "public")
TABLES = load_metadata("public")["databases"]["public"]["tables"]

each_query = pytest.mark.parametrize("query", PUBLIC.values(), ids=PUBLIC.keys())


@each_query
def test_a_query_is_titled_and_asks_one_table_in_twelve_lines(query: Query) -> None:
    assert query.title.endswith("?")
    assert query.description.endswith(".")
    assert len(query.sql.splitlines()) <= 12
    assert len(set(re.findall(r"\b(?:from|join) ([a-z]\w+)", query.sql))) == 1


@each_query
def test_a_query_returns_rows_as_page_json_and_csv(get: Get, query: Query) -> None:
    page = get(f"/public/{query.name}")
    assert page.status_code == 200
    assert f"<h1>{query.title}</h1>" in page.text

    json = get(f"/public/{query.name}.json").json()
    assert json["rows"]
    assert json["truncated"] is False

    found = get(f"/public/{query.name}.csv")
    assert found.headers["access-control-allow-origin"] == "*"
    rows = list(csv.reader(io.StringIO(found.text)))
    assert rows[0] == json["columns"]
    assert len(rows) - 1 == len(json["rows"])


@each_query
def test_a_page_offers_its_formats_and_its_sql(get: Get, query: Query) -> None:
    page = get(f"/public/{query.name}").text
    assert ">CSV</a>" in page
    assert ">JSON</a>" in page
    assert (">SVG</a>" in page) == (query.chart is not None)
    assert ("<svg" in page) == (query.chart is not None)
    assert "<summary>The SQL behind this</summary>" in page
    for parameter in query.parameters:
        assert parameter.description in page


@pytest.mark.parametrize("table", TABLES)
def test_a_table_as_csv_is_the_whole_table(get: Get, table: str) -> None:
    rows = get(f"/public/{table}.csv").text.splitlines()
    said = get(f"/public/{table}.json?_size=0").json()
    assert len(rows) - 1 == said["filtered_table_rows_count"]
    assert rows[0].split(",") == said["columns"]


def test_the_latest_week_is_shown_unless_another_is_asked_for(get: Get) -> None:
    latest = get("/public/plugin_ranking.json").json()["rows"]
    assert latest == get("/public/plugin_ranking.json?week=2025-01-06").json()["rows"]
    assert latest != get("/public/plugin_ranking.json?week=2023-11-20").json()["rows"]


def test_a_plugin_that_is_not_named_is_the_most_widespread(get: Get) -> None:
    first = get("/public/plugin_ranking.json").json()["rows"][0][0]
    assert get("/public/plugin_over_time.json").json()["query"]["params"] == {"plugin": first}
    assert f"<option selected>{first}</option>" in get("/public/plugin_over_time").text


def test_an_unknown_name_says_so(get: Get) -> None:
    page = get("/public/plugin_over_time?plugin=foreman_none")
    assert page.status_code == 200
    assert "Nothing to show" in page.text


def test_arguments_that_a_query_does_not_have_are_left_out(get: Get) -> None:
    answer = get("/public/plugin_ranking.json?_timelimit=none&_trace=1&week=")
    assert answer.status_code == 200
    assert answer.json()["query"]["params"] == {"week": ""}


def test_a_long_result_is_shown_in_part_and_says_so(get: Get) -> None:
    page = get("/public/plugin_versions_over_time").text
    assert "300 rows; the first 100 are shown here." in page
    assert page.count("<tr>") == 101


def test_a_result_that_was_cut_says_so(get: Get, site: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "max_returned_rows", 50)
    page = get("/public/installations?_header=cut").text
    assert "Only the first 50 rows: the page and the JSON end there, the CSV has all rows." in page
    assert get("/public/installations.json?_header=cut").json()["truncated"] is True


@pytest.mark.parametrize("order", ["", "_sort=installations", "_sort_desc=installations", "_sort_desc=plugin"])
def test_the_pages_of_a_table_have_each_row_once(get: Get, order: str) -> None:
    rows: list[tuple[object, ...]] = []
    address = f"/public/weekly_plugins.json?_size=100&{order}"
    while address:
        found = get(address).json()
        rows += [tuple(row) for row in found["rows"]]
        address = (found["next_url"] or "").replace("http://localhost", "")
    assert len(rows) == len(set(rows)) == 60 * 27


def test_a_table_is_not_sorted_by_week(get: Get) -> None:
    """Datasette would miss rows: see metadata.yml."""
    assert get("/public/weekly_plugins?_sort_desc=week_start").status_code == 400


def test_a_name_leads_to_what_is_known_of_it(get: Get) -> None:
    page = get("/public/plugin_ranking").text
    assert '<a href="/plugin/katello">katello</a>' in page
    assert '<td class="s">(other)</td>' in page


@each_query
def test_links_lead_to_what_is_there(get: Get, query: Query) -> None:
    found = get(f"/public/{query.name}.json").json()
    for column, beginning in query.links.items():
        value = next(row[found["columns"].index(column)] for row in found["rows"])
        assert get(f"{beginning}{value}").status_code == 200


def test_only_the_latest_series_and_the_one_before_are_supported(runner: asyncio.Runner, tmp_path: Path) -> None:
    """Of 100: 5 ahead of all releases, 40 on the latest series, 15 on the one before, 33 on older ones, 7 others."""
    publish(tmp_path / "public.db", weeks=1)
    with closing(sqlite3.connect(tmp_path / "public.db")) as connection, connection:
        connection.execute("delete from weekly_freshness")
        counts = {"ahead": 5, "latest": 40, "previous": 15, "older": 33, "(other)": 7}
        rows = [share(n, 100, week_start="2023-11-20", freshness=name) for name, n in counts.items()]
        insert(connection, "weekly_freshness", rows)
    site = public_app(settings_in(tmp_path))
    assert asking(runner, site)("/public/supported.json").json()["rows"] == [["2023-11-20", 55.0, 33.0, 5.0, 100]]
    site.linked.close()


def test_a_query_is_not_named_as_a_table() -> None:
    """Datasette would show the query only."""
    assert not set(PUBLIC) & set(TABLES)


@pytest.mark.parametrize("name", ["goes_with", "plugin_by_series"])
def test_a_table_of_every_13th_week_shows_its_latest_and_names_it(get: Get, name: str) -> None:
    page = get(f"/public/{name}?plugin=katello").text
    assert "Week of 28 October 2024 · " in page
    assert "Week of 28 October 2024 · " in get(f"/public/{name}.svg?plugin=katello").text
    found = get(f"/public/{name}.json?plugin=katello").json()
    assert {row[found["columns"].index("week_start")] for row in found["rows"]} == {"2024-10-28"}
    assert "Week of 28 October 2024" in get("/plugin/katello").text


def test_those_who_stay_are_shown_where_an_earlier_version_left_no_base(get: Get) -> None:
    rows = get("/public/retention.json?week=2023-11-20").json()["rows"]
    assert [row[:3] for row in rows] == [["2024-Q1", 791, None], ["2023-Q4", 800, None]]
    assert "<svg" in get("/public/retention?week=2023-11-20").text
    assert get("/public/retention.json").json()["rows"][0][:3] == ["2024-Q1", 968, 977]
