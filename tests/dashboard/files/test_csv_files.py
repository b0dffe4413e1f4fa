"""What is downloaded is whole, and named by what it holds."""

import asyncio
import csv
import io
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from dashboard.files.file_names import file_name
from dashboard.servers import public_app
from dashboard.site import Dashboard
from simulation.public_database import publish
from tests.dashboard.asking import Get, asking, settings_in

ROWS = """
    create table uploads (id integer primary key, core_version text) strict;
    create table proxies (id integer primary key, upload_id integer, version text, features text) strict;
    create table plugins (id integer primary key, upload_id integer, name text, version text) strict;
    create table compute_resources (id integer primary key, upload_id integer, type text) strict;
    insert into uploads values (7, '3.16.0');
    insert into plugins values (8, 7, 'katello', '4.1');
    insert into compute_resources values (9, 7, 'libvirt');
"""


def rows_of(get: Get, path: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(get(path).text)))


@pytest.mark.parametrize(
    ("path", "query_string", "name"),
    [
        ("/whole/plugin_ranking.csv", "", "foreman-popcon-plugin_ranking-2026-11-16.csv"),
        ("/whole/plugin_ranking.csv", "week=2025-01-06&_dl=1", "foreman-popcon-plugin_ranking-2025-01-06.csv"),
        ("/whole/plugin_over_time.csv", "plugin=a%22%0d%0ab", "foreman-popcon-plugin_over_time-a_b-2026-11-16.csv"),
        ("/whole/x.csv", "plugin=" + 300 * "y", f"foreman-popcon-x-{83 * 'y'}-2026-11-16.csv"),
    ],
)
def test_a_file_is_named_by_what_is_asked_and_the_week(path: str, query_string: str, name: str) -> None:
    assert file_name(path, query_string, "2026-11-16") == name


@pytest.mark.parametrize("path", ["/public/plugin_ranking.csv", "/public/weekly_plugins.csv?_size=10"])
def test_a_csv_is_kept_under_its_name(get: Get, path: str) -> None:
    headers = get(path).headers
    stem = path.rpartition("/")[2].partition(".")[0]
    assert headers["content-disposition"] == f'attachment; filename="foreman-popcon-{stem}-2025-01-06.csv"'
    assert headers["content-type"] == "text/csv; charset=utf-8"


def test_a_filtered_table_is_whole_however_many_rows_it_has(
    get: Get, site: Dashboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "max_returned_rows", 10)
    assert len(rows_of(get, "/public/weekly_plugins.csv?plugin=katello")) == 1 + 60
    assert len(rows_of(get, "/public/weekly_plugins.csv?installations__gt=20&_size=max")) > 1000
    assert len(rows_of(get, "/public/weekly_plugins.csv?_size=10")) == 1 + 10
    assert len(rows_of(get, "/public/plugin_versions_over_time.csv?plugin=katello")) == 1 + 300
    assert rows_of(get, "/public/installations.csv?_header=off")[0][0] == "2025-01-06"


def test_order_and_columns_are_those_asked_for(get: Get) -> None:
    rows = rows_of(get, "/public/weekly_plugins.csv?week_start=2025-01-06&_sort_desc=installations&_col=installations")
    assert rows[0] == ["week_start", "plugin", "installations"]
    counts = [int(row[2]) for row in rows[1:]]
    assert counts == sorted(counts, reverse=True)
    assert rows_of(get, "/public/weekly_plugins.csv?_nocol=share")[0].count("share") == 0
    assert get("/public/weekly_plugins.csv?_col=nonesuch").status_code == 400
    assert get("/public/weekly_plugins.csv?_sort=week_start").status_code == 400


def test_rows_that_a_community_publishes_are_at_the_names_of_their_tables(
    runner: asyncio.Runner, tmp_path: Path
) -> None:
    publish(tmp_path / "public.db", weeks=4)
    with closing(sqlite3.connect(tmp_path / "public.db")) as connection:
        connection.executescript(ROWS)
    site = public_app(settings_in(tmp_path))
    get = asking(runner, site)
    for table in ("uploads", "proxies", "plugins", "compute_resources"):
        assert get(f"/public/{table}").status_code == 200
        assert f'<a href="/public/{table}">' in get("/public").text
    assert get("/public/plugins.json?_shape=array").json() == [
        {"id": 8, "upload_id": 7, "name": "katello", "version": "4.1"}
    ]
    assert rows_of(get, "/public/compute_resources.csv") == [["id", "upload_id", "type"], ["9", "7", "libvirt"]]
    assert get("/public/plugin_ranking").status_code == 200
    site.linked.close()


@pytest.mark.parametrize("form", ["", ".json", ".csv", ".svg"])
def test_without_them_the_former_name_of_a_question_leads_to_it(get: Get, form: str) -> None:
    for former, now in (("plugins", "plugin_ranking"), ("compute_resources", "compute_resource_ranking")):
        answer = get(f"/public/{former}{form}?week=2024-01-01")
        assert answer.status_code == 200
        assert answer.content == get(f"/public/{now}{form}?week=2024-01-01").content
