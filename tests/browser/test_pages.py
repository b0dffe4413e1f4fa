"""Every page in a browser: quiet, to itself, as wide as its window, for every eye and for the keyboard."""

from collections.abc import Sequence

import pytest
from playwright.sync_api import Browser

from dashboard.questions.queries import load_metadata, queries_of
from tests.browser.looking import WIDTHS, Scheme, looking, not_reached, sideways, violations
from tests.campaign import length

METADATA = load_metadata("public")
QUERIES = queries_of(METADATA, "public")
TABLES = METADATA["databases"]["public"]["tables"]
KINDS = [
    "/", "/public", "/search", "/search?q=a", "/method", "/quality", "/take-part", "/privacy", "/plugin/katello",
    "/series/3.9", "/feature/DNS", "/compute_resource/VMware", "/public/compare_plugins", "/public/plugin_over_time",
    "/public/weekly_plugins", "/public/weekly_plugins?_facet=plugin&week_start=2025-01-06", "/public/publication/1",
    "/?week=2024-06-10", "/plugin/katello?week=2024-06-10", "/archive/", "/archive/2024-04-08.r2/",
]  # fmt: skip
OTHERS = [f"/public/{name}" for name in (*QUERIES, *TABLES) if f"/public/{name}" not in KINDS]
EXPLORER = ["/views", "/views/latest_uploads", "/views/installation?id=2", "/views/plugins", "/views?sql=select+1"]


View = tuple[int, Scheme]
EVERY: list[View] = [(width, scheme) for width in WIDTHS for scheme in ("light", "dark")]
# Colours depend on the scheme and places on the width, so that two views see each.
BOTH: list[View] = [(390, "dark"), (1400, "light")]


def check(browser: Browser, address: str, views: Sequence[View]) -> None:
    with looking(browser) as seen:
        seen.open(address)
        for width, scheme in views:
            seen.page.set_viewport_size({"width": width, "height": 900})
            seen.page.emulate_media(color_scheme=scheme)
            assert violations(seen.page) == [], (width, scheme)
            assert sideways(seen.page) <= 0, width
        assert seen.said == []
        assert seen.hosts == {address.split("/")[2]}


@pytest.mark.parametrize("path", KINDS)
def test_each_kind_of_page_at_both_widths_in_light_and_dark(browser: Browser, public: str, path: str) -> None:
    check(browser, public + path, EVERY)


@pytest.mark.parametrize("path", OTHERS)
def test_every_other_page_at_both_widths_in_light_and_dark(browser: Browser, public: str, path: str) -> None:
    check(browser, public + path, length(BOTH, EVERY))


@pytest.mark.parametrize("path", EXPLORER)
def test_the_operators_pages_too(browser: Browser, explorer: str, path: str) -> None:
    check(browser, explorer + path, BOTH)


@pytest.mark.parametrize("path", KINDS)
def test_a_keyboard_reaches_everything(browser: Browser, public: str, path: str) -> None:
    with looking(browser) as seen:
        seen.open(public + path)
        assert not_reached(seen.page) == []


def test_without_script_nothing_is_missing_but_the_reading_of_values(browser: Browser, public: str) -> None:
    with looking(browser) as plain, looking(browser, scripts=False) as bare:
        for path in [*KINDS, *OTHERS]:
            bare.open(public + path)
            if path in KINDS:
                plain.open(public + path)
                assert bare.page.inner_text("body") == plain.page.inner_text("body"), path
                assert bare.page.locator("svg").count() == plain.page.locator("svg").count()
            for width in WIDTHS:
                bare.page.set_viewport_size({"width": width, "height": 900})
                assert sideways(bare.page) <= 0, (path, width)
        assert bare.said == []
        assert bare.hosts == plain.hosts
