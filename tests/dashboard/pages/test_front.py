import asyncio
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pytest

from dashboard.pages.front import latest_figure
from dashboard.questions.queries import Query, Rows
from dashboard.questions.results import week_span
from dashboard.servers import public_app
from dashboard.site import Dashboard
from simulation.public_database import publish
from tests.dashboard.asking import Get, asking, beside_our_script, settings_in

FIGURE = Query("n", "How many?", "All.", "", figure={"label": "Number"})


def test_it_shows_the_headline_its_week_and_the_first_charts(get: Get) -> None:
    page = get("/")
    assert page.status_code == 200
    assert "the latest published week (6\N{EN DASH}12 January 2025)</strong>" in page.text
    assert 'href="/public/installations">977</a>' in page.text
    assert "+156 in a year" in page.text
    assert page.text.count('role="img"') == 6
    assert page.text.count('role="group"') == 3  # those with links inside
    assert page.text.count("<details><summary>What counts") == 4
    assert len(page.content) < 100_000


@pytest.mark.parametrize(
    ("monday", "words"),
    [
        ("2026-11-16", "16\N{EN DASH}22 November 2026"),
        ("2026-09-28", "28 September \N{EN DASH} 4 October 2026"),
        ("2026-12-28", "28 December 2026 \N{EN DASH} 3 January 2027"),
    ],
)
def test_a_week_is_written_from_its_monday_to_its_sunday(monday: str, words: str) -> None:
    assert week_span(date.fromisoformat(monday)) == words


def test_it_says_how_to_take_part_and_how_to_stop(get: Get) -> None:
    page = get("/").text
    for words in ("foreman-popcon enable", "foreman-popcon disable", "foreman-popcon forget", "What is never shown"):
        assert words in page
    assert 'href="/public.db"' in page


def test_ids_are_unique(get: Get) -> None:
    ids = [part.partition('"')[0] for part in get("/").text.split(' id="')[1:]]
    assert len(ids) == len(set(ids))


def test_with_nothing_published_yet_it_says_why(runner: asyncio.Runner, tmp_path: Path) -> None:
    publish(tmp_path / "public.db", weeks=0)
    site = public_app(settings_in(tmp_path))
    get = asking(runner, site)
    page = get("/").text
    assert "Nothing can be shown yet" in page
    assert "at least <strong>5</strong> installations" in page
    assert "<strong>2</strong> different weeks" in page
    assert "<svg" not in page
    for name, query in site.queries.items():
        answer = get(f"/public/{name}")
        assert answer.status_code == 200
        assert "Nothing to show" in answer.text
        assert query.chart is None or "no group is large enough yet" in get(f"/public/{name}.svg").text
    for table in ("weekly_plugins", "publication"):
        assert get(f"/public/{table}").status_code == 200
    site.linked.close()


def test_without_a_database_it_starts_and_picks_it_up_when_it_comes(runner: asyncio.Runner, tmp_path: Path) -> None:
    site = public_app(settings_in(tmp_path))
    get = asking(runner, site)
    assert "make refresh" in get("/").text
    assert get("/").status_code == 200
    for path in ("/public", "/public/plugin_ranking", "/public/plugin_ranking.json", "/public.db"):
        answer = get(path)
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "60"
    assert get("/static/site.css").status_code == 200
    publish(tmp_path / "public.db")
    assert "Week of" in get("/").text
    assert get("/public/plugin_ranking").status_code == 200
    site.linked.close()


@pytest.mark.parametrize(
    ("rows", "value", "change"),
    [
        ([("2026-11-16", 12)], "12", ""),
        ([("2026-11-16", 12), ("2026-11-09", 1012)], "12", "\N{MINUS SIGN}1,000 since 9 November 2026"),
        ([("2025-11-10", 1), ("2025-11-17", 12), ("2026-11-16", 12)], "12", "±0 in a year"),
        ([("2025-11-17", 7), ("2026-11-16", 12), ("2026-11-23", None)], "12", "+5 in a year"),
    ],
)
def test_a_figure_is_the_latest_value_and_its_change_in_a_year(
    rows: list[tuple[str, int | None]], value: str, change: str
) -> None:
    figure = latest_figure(FIGURE, Rows(["week_start", "n"], rows))
    assert figure is not None
    assert (figure.value, figure.change) == (value, change)


def test_there_is_no_figure_without_a_week() -> None:
    assert latest_figure(FIGURE, Rows(["week_start", "n"], [])) is None


def test_hostile_names_are_inert_on_every_page(runner: asyncio.Runner, tmp_path: Path) -> None:
    names = [
        "<script>alert(1)</script>",
        "=cmd|' /C calc'!A0",
        "</title></svg><img src=x onerror=alert(1)>",
        "x" * 50_000,
    ]
    publish(tmp_path / "public.db", weeks=4, hostile=names)
    site: Dashboard = public_app(settings_in(tmp_path))
    get = asking(runner, site)
    pages = [
        "/",
        "/public",
        *(f"/public/{name}" for name in site.queries),
        *(f"/public/{name}" for name in site.contents.columns),
        "/method",
        "/quality",
        f"/search?q={quote(names[0])}",
        *(
            f"/{kind}/{quote(name, safe='')}"
            for kind in ("plugin", "feature", "compute_resource")
            for name in names[:3]
        ),
        f"/plugin/{quote('<script>alert(2)</script>', safe='')}",
    ]
    svgs = [f"/public/{query.name}.svg" for query in site.queries.values() if query.chart]
    for path in [*pages, *svgs]:
        text = beside_our_script(get(path).text)
        assert "<script" not in text, path
        assert "<img" not in text, path
    assert "&lt;script&gt;" in get("/").text
    assert len(get("/").content) < 400_000
    site.linked.close()


def test_it_says_when_no_week_is_closed(runner: asyncio.Runner, tmp_path: Path) -> None:
    """While the receiver's clock is in doubt; readers would wonder why nothing new comes."""
    publish(tmp_path / "draft.db", weeks=3)
    with closing(sqlite3.connect((tmp_path / "draft.db").resolve())) as connection:
        connection.execute("update publication set is_clock_in_doubt = 1")
        connection.commit()
    (tmp_path / "draft.db").rename(tmp_path / "public.db")
    site = public_app(settings_in(tmp_path))
    assert "the clock of the receiver is being checked" in asking(runner, site)("/").text
    site.linked.close()
