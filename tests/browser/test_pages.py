"""Every page in a browser: quiet, to itself, as wide as its window, for every eye and for the keyboard."""

import pytest
from playwright.sync_api import Browser

from dashboard.queries import load_metadata, queries_of
from tests.browser.looking import WIDTHS, Scheme, looking, not_reached, sideways, violations

METADATA = load_metadata("public")
QUERIES = queries_of(METADATA, "public")
TABLES = METADATA["databases"]["public"]["tables"]
KINDS = [
    "/", "/public", "/search", "/search?q=a", "/method", "/quality", "/take-part", "/privacy", "/plugin/katello",
    "/series/3.9", "/feature/DNS", "/compute_resource/VMware", "/public/compare_plugins", "/public/plugin_over_time",
    "/public/weekly_plugins", "/public/weekly_plugins?_facet=plugin&week_start=2025-01-06", "/public/publication/1",
]  # fmt: skip
OTHERS = [f"/public/{name}" for name in (*QUERIES, *TABLES) if f"/public/{name}" not in KINDS]
EXPLORER = ["/views", "/views/latest_uploads", "/views/installation?id=2", "/views/plugins", "/views?sql=select+1"]


def check(browser: Browser, address: str, schemes: dict[int, Scheme | None]) -> None:
    """At each width in light or in dark; None: only that it is as wide as its window."""
    with looking(browser) as seen:
        seen.open(address)
        for width, scheme in schemes.items():
            seen.page.set_viewport_size({"width": width, "height": 900})
            if scheme is not None:
                seen.page.emulate_media(color_scheme=scheme)
                assert violations(seen.page) == [], (width, scheme)
            assert sideways(seen.page) <= 0, width
        assert seen.said == []
        assert seen.hosts == {address.split("/")[2]}


@pytest.mark.parametrize("path", KINDS)
def test_each_kind_of_page_at_both_widths_in_light_and_dark(browser: Browser, public: str, path: str) -> None:
    """Colours depend on the scheme and places on the width, so each is looked at once."""
    check(browser, public + path, {390: "dark", 1400: "light"})


@pytest.mark.parametrize("path", OTHERS)
def test_every_other_page_at_both_widths_and_in_the_dark(browser: Browser, public: str, path: str) -> None:
    check(browser, public + path, {390: "dark", 1400: None})


@pytest.mark.parametrize("path", EXPLORER)
def test_the_operators_pages_too(browser: Browser, explorer: str, path: str) -> None:
    check(browser, explorer + path, {390: "light", 1400: None})


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
