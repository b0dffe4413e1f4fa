"""Test 25 of the threat list: hostile names are inert in every kind of page, in CSV and in SVG."""

import csv
import io
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser

from dashboard.questions.queries import load_metadata, queries_of
from tests.browser.looking import HOSTILE, looking, sideways
from tests.browser.test_pages import QUERIES, TABLES
from tests.dashboard.serving import fetch

EXPLORER = [*queries_of(load_metadata("views"), "views"), "uploads", "proxies", "plugins", "extra_facts", "set_aside"]
THINGS = [
    f"/{kind}/{quote(name, safe='')}" for kind in ("plugin", "feature", "compute_resource") for name in HOSTILE[:7]
]
PAGES = {
    "front, search and explanations": [
        "/", "/search?q=o", "/method", "/quality", f"/search?q={quote(HOSTILE[0])}", "/?week=2024-12-30", "/archive/",
        "/archive/2024-04-08.r2/",
    ],
    "things": THINGS,
    "queries": [f"/public/{name}" for name in QUERIES],
    "queries about a hostile name": [
        f"/public/{name}?{parameter.name}={quote(HOSTILE[at])}"
        for name, query in QUERIES.items() for parameter in query.parameters[:1] if parameter.name != "week"
        for at in (0, 2)
    ],
    "tables": [f"/public/{name}{part}" for name in TABLES for part in ("", f"?_sort={quote(HOSTILE[0])}")][::2],
    "pictures": [f"/public/{name}.svg" for name, query in QUERIES.items() if query.chart],
}  # fmt: skip


@pytest.mark.parametrize("kind", PAGES)
def test_names_are_inert_in_every_kind_of_page(browser: Browser, vandalised: str, kind: str) -> None:
    with looking(browser) as seen:
        seen.page.set_viewport_size({"width": 390, "height": 900})
        for path in PAGES[kind]:
            seen.page.goto(vandalised + path)
            assert seen.page.evaluate("window.hit") is None, path
            if kind != "pictures":
                assert sideways(seen.page) <= 0, path
                assert seen.page.evaluate("document.documentElement.scrollHeight") < 20_000, path
        assert seen.said == []
        assert seen.hosts == {vandalised.split("/")[2]}


def test_names_are_inert_before_the_operator(browser: Browser, explorer: str) -> None:
    with looking(browser) as seen:
        for name in EXPLORER:
            seen.page.goto(f"{explorer}/views/{name}")
            assert seen.page.evaluate("window.hit") is None, name
            assert seen.page.evaluate("document.documentElement.scrollHeight") < 20_000, name
        assert seen.said == []
        assert seen.hosts == {explorer.split("/")[2]}


def test_a_chart_reads_hostile_names_out_as_text(browser: Browser, vandalised: str) -> None:
    with looking(browser) as seen:
        seen.open(f"{vandalised}/public/compare_plugins?a={quote(HOSTILE[0])}&b={quote(HOSTILE[1])}")
        seen.page.locator(".drawn[data-values]").focus()
        seen.page.keyboard.press("End")
        seen.page.wait_for_selector(".tip")
        assert HOSTILE[0] in seen.page.inner_text(".tip")
        assert seen.page.evaluate("window.hit") is None


def test_no_cell_of_a_csv_is_a_formula(vandalised: str, explorer: str) -> None:
    addresses = [f"{vandalised}/public/{name}.csv" for name in (*QUERIES, "weekly_plugins", "weekly_facts")]
    csv.field_size_limit(1 << 20)
    for address in [*addresses, *(f"{explorer}/views/{name}.csv" for name in EXPLORER)]:
        status, text = fetch(address)
        assert status == 200
        rows = list(csv.reader(io.StringIO(text, newline="")))
        assert rows
        assert not [cell for row in rows for cell in row if cell[:1] in {"=", "@", "\t", "\r"}], address
