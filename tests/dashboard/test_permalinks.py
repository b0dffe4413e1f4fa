"""Every page and file with its week: `?week=2024-06-10` shows everything as far as that week, whenever it is opened."""

import asyncio
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from dashboard.questions.queries import load_metadata, queries_of
from dashboard.servers import public_app
from dashboard.site import Dashboard
from simulation.public_database import publish
from tests.dashboard.asking import Get, asking, settings_in

PUBLIC = queries_of(load_metadata("public"), "public")
TABLES = load_metadata("public")["databases"]["public"]["tables"]
WEEK = "2024-12-09"  # the 56th
PAGES = [
    "/", "/public", "/search", "/search?q=ka", "/method", "/quality", "/plugin/katello", "/series/3.8", "/feature/DNS",
    "/compute_resource/VMware", "/public/plugin_ranking", "/public/compare_plugins?a=katello",
    "/public/goes_with?plugin=katello", "/public/weekly_plugins", "/public/weekly_plugins?_facet=plugin",
    "/public/weekly_plugins?_sort=installations", "/public/weekly_plugins/2024-12-09,katello", "/public/series_half",
    "/plugin/nonesuch",
]  # fmt: skip
WITHOUT_A_WEEK = ("/static/", "/archive/", "/take-part", "/privacy", "/public.db")


@pytest.fixture(scope="module")
def get_then(runner: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Get]:
    """As the dashboard was when the week had just been published."""
    folder = tmp_path_factory.mktemp("then")
    publish(folder / "public.db", weeks=56)
    site = public_app(settings_in(folder))
    yield asking(runner, site)
    site.linked.close()


def pinned(path: str, week: str = WEEK) -> str:
    return f"{path}{'&' if '?' in path else '?'}week={week}"


@pytest.mark.parametrize("name", [*PUBLIC, *TABLES])
def test_what_is_asked_with_its_week_is_what_it_was_then(get: Get, get_then: Get, name: str) -> None:
    then, now = get_then(f"/public/{name}.json").json(), get(pinned(f"/public/{name}.json")).json()
    assert [now[part] for part in ("columns", "rows", "truncated")] == [
        then[part] for part in ("columns", "rows", "truncated")
    ]
    assert then["rows"]
    csv = f"/public/{name}.csv"
    assert get(pinned(csv)).text == get_then(csv).text
    assert get(pinned(csv)).headers["content-disposition"] == get_then(csv).headers["content-disposition"]
    if name in PUBLIC and PUBLIC[name].chart:
        assert get(pinned(f"/public/{name}.svg")).text == get_then(f"/public/{name}.svg").text
    rows = re.compile("<tbody>.*?</tbody>", re.DOTALL)
    shown = [re.sub(rf'\?week={WEEK}"', '"', part) for part in rows.findall(get(pinned(f"/public/{name}")).text)]
    assert shown == rows.findall(get_then(f"/public/{name}").text)


def test_a_table_of_every_13th_week_shows_the_latest_until_then(get: Get) -> None:
    assert "Week of 29 April 2024 · " in get("/public/goes_with?plugin=katello&week=2024-06-10").text
    assert "Nothing to show" in get("/public/goes_with?plugin=katello&week=2023-12-04").text


def test_weeks_that_were_counted_again_are_named_also_where_the_week_before_is_shown(get: Get) -> None:
    assert get("/public/revisions.json?week=2024-04-15").json()["rows"] == [
        ["2024-06-26", "Reports of a flood from one network are set aside", "2024-04-08", "2024-04-15", 2]
    ]
    assert get("/public/revisions.json?week=2024-04-01").json()["rows"] == []


@pytest.mark.parametrize("path", ["/badge/plugin/katello.json", "/public.json"])
def test_so_are_the_other_files(get: Get, get_then: Get, path: str) -> None:
    now, then = get(pinned(path)).json(), get_then(path).json()
    for one in (now, then):
        one.pop("size", None)
        one.pop("path", None)
    assert now == then


def test_the_front_page_and_the_page_of_a_thing_are_of_their_week(get: Get, get_then: Get) -> None:
    for path in ("/", "/plugin/katello"):
        now, then = get(pinned(path)).text, get_then(path).text
        assert values(now) == values(then)
        assert values(now) != values(get(path).text)


def values(page: str) -> list[str]:
    return re.findall(r'class="(?:value|change)"[^>]*>([^<]+)<', page)


@pytest.mark.parametrize("path", PAGES)
def test_links_of_a_page_keep_its_week(get: Get, path: str) -> None:
    page = get(pinned(path)).text
    latest = re.search('<a href="([^"]+)">Show the latest week', page)
    assert latest is not None
    links = re.findall(r'(?:href|data-values|action)="([^"]+)"', page.replace(latest[0], ""))
    inner = [urlsplit(unescape(link)) for link in links if not link.startswith("#")]
    inner = [link for link in inner if link.netloc in {"", "localhost"} and not link.path.startswith(WITHOUT_A_WEEK)]
    forms = re.findall(r"<form.*?</form>", page, re.DOTALL)
    assert len(inner) > 5
    assert [link.geturl() for link in inner if parse_qs(link.query).get("week") != [WEEK]] == []
    assert [form for form in forms if 'name="week"' not in form] == []
    assert [form for form in forms if form.count('name="week"') != 1] == []


@pytest.mark.parametrize("path", PAGES)
def test_every_page_links_to_itself_in_its_week_and_an_earlier_one_says_so(get: Get, path: str) -> None:
    now = get(path).text
    link = re.search('<a href="([^"]+)">Link to this page as it is now', now)
    assert link is not None
    assert unescape(link[1]) == pinned(path, "2025-01-06")
    assert "Show the latest week" not in now
    assert "Show the latest week" not in get(unescape(link[1])).text
    then = get(pinned(path)).text
    assert "This page shows the figures up to the week of 9 December 2024." in then
    latest = re.search('<a href="([^"]+)">Show the latest week', then)
    assert latest is not None
    assert unescape(latest[1]) == path


def test_each_chart_links_to_itself_in_its_week(get: Get) -> None:
    page = get("/").text
    assert page.count(">Link to this week<") == page.count('class="drawn"')
    assert '<a class="permalink" href="/public/series_over_time?week=2025-01-06"' in page
    assert '<a class="permalink" href="/public/series_over_time?week=2024-12-09"' in get(pinned("/")).text


def test_a_page_asks_for_the_week_once_though_it_was_given_twice(get: Get) -> None:
    assert (
        get(f"/public/plugin_ranking.json?week=2023-11-20&week={WEEK}").json()["rows"]
        == (get(pinned("/public/plugin_ranking.json")).json()["rows"])
    )


WRONG = ["2019-01-07", "2024-06-11", "2025-01-13", "x", "2024-12-09'", "%00", "9" * 900, "2024-12-09%20", "(other)"]


@pytest.mark.parametrize("week", WRONG)
@pytest.mark.parametrize("path", ["/", "/public/plugin_ranking", "/public/weekly_plugins.csv", "/plugin/katello"])
def test_a_week_that_there_is_not_is_told_in_words(get: Get, path: str, week: str) -> None:
    answer = get(f"{path}?week={week}")
    assert answer.status_code == 404
    assert "No such week" in answer.text
    assert "from 2023-11-20 to 2025-01-06" in answer.text


def test_a_program_is_told_so_too(get: Get) -> None:
    answer = get("/public/plugin_ranking.json?week=2024-06-11")
    assert answer.status_code == 404
    assert answer.json()["title"] == "No such week"


def test_no_week_is_the_latest_and_pages_without_figures_have_none(get: Get) -> None:
    assert get("/public/plugin_ranking.json?week=").json()["rows"] == get("/public/plugin_ranking.json").json()["rows"]
    for path in ("/take-part", "/privacy", "/PRIVACY.md"):
        assert get(f"{path}?week=2019-01-07").content == get(path).content
        assert "Link to this page" not in get(path).text


def test_before_anything_is_published_no_week_exists(runner: asyncio.Runner, tmp_path: Path) -> None:
    site = public_app(settings_in(tmp_path))
    get = asking(runner, site)
    assert get("/public/plugin_ranking?week=2024-06-10").status_code == 503
    publish(tmp_path / "public.db", weeks=0)
    assert get("/?week=2024-06-10").status_code == 404
    assert "No week has been published yet" in get("/?week=2024-06-10").text
    assert "Link to this page" not in get("/").text
    site.linked.close()


def test_rows_of_single_installations_are_there_for_the_latest_week_only(
    runner: asyncio.Runner, tmp_path: Path
) -> None:
    publish(tmp_path / "public.db", weeks=4)
    with closing(sqlite3.connect(tmp_path / "public.db")) as connection:
        connection.executescript("create table uploads (id integer primary key, core_version text) strict;"
                                 "insert into uploads values (7, '3.16.0')")  # fmt: skip
    site = public_app(settings_in(tmp_path))
    get = asking(runner, site)
    assert get("/public/uploads.json?_shape=array").json() == [{"id": 7, "core_version": "3.16.0"}]
    assert get("/public/uploads.json?_shape=array&week=2023-12-11").json() == [{"id": 7, "core_version": "3.16.0"}]
    assert get("/public/uploads.json?_shape=array&week=2023-11-20").json() == []
    assert "This table has no earlier weeks" in get("/public/uploads?week=2023-11-20").text
    site.linked.close()


def test_a_file_of_an_earlier_version_is_served_until_the_next_one_comes(
    runner: asyncio.Runner, tmp_path: Path
) -> None:
    publish(tmp_path / "public.db", weeks=4)
    with closing(sqlite3.connect(tmp_path / "public.db")) as connection:
        connection.executescript("drop table editions; alter table publication drop column noise")
    site = public_app(settings_in(tmp_path))
    get = asking(runner, site)
    for path in ("/", "/method", "/public/plugin_ranking"):
        assert get(path).status_code == 200
        assert get(f"{path}?week=2023-12-04").status_code == 200
    site.linked.close()


def test_many_weeks_at_once_are_each_their_own(site: Dashboard, runner: asyncio.Runner) -> None:
    """With as many connections as before, and little that is kept."""
    weeks = [str(week) for week in site.contents.established]

    async def ask(week: str) -> None:
        asked = f"?week={week}&_header={week}" if week else f"?_header=now{week}"
        rows = (await site.client.get(f"/public/installations.json{asked}")).json()["rows"]
        assert rows[0][0] == (week or weeks[-1])
        assert len(rows) == weeks.index(rows[0][0]) + 1
        page = (await site.client.get(f"/search{asked}&q=katello")).text
        assert f"{800 * 0.72:.0f}"[:1] in page

    async def ask_all() -> None:
        await asyncio.gather(*(ask(week) for _ in range(2) for week in [*weeks, ""]))

    with site.linked.pinned() as snapshot:
        runner.run(ask_all())
        assert len(snapshot.cached) <= 5 * len(site.kinds)
