"""The values of a chart, read by pointing and by pressing keys."""

import pytest
from playwright.sync_api import Browser

from tests.browser.looking import looking, violations

HOW_MANY = "/public/installations"
CHART = ".drawn[data-values]"


def test_pointing_at_a_week_shows_its_values_and_moves_nothing(browser: Browser, public: str) -> None:
    with looking(browser) as seen:
        seen.open(public + HOW_MANY)
        page = seen.page
        height = page.evaluate("document.documentElement.scrollHeight")
        box = page.locator(CHART).bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + box["width"] - 97, box["y"] + 50)
        page.wait_for_selector(".tip")
        assert page.inner_text(".tip").split("\n") == ["Week of 6 January 2025", "977"]
        page.mouse.move(box["x"] + 49, box["y"] + 50)
        page.wait_for_function("document.querySelector('.tip').innerText.includes('2023')")
        assert page.inner_text(".tip").split("\n") == ["Week of 20 November 2023", "800"]
        assert page.evaluate("document.documentElement.scrollHeight") == height
        page.mouse.move(0, 0)
        assert not page.locator(".tip").is_visible()
        assert seen.said == []


def test_arrow_keys_read_week_after_week(browser: Browser, public: str) -> None:
    with looking(browser) as seen:
        seen.open(public + HOW_MANY)
        chart = seen.page.locator(CHART)
        chart.focus()
        said = []
        for key in ("ArrowRight", "ArrowLeft", "Home"):
            before = chart.get_attribute("aria-valuetext")
            seen.page.keyboard.press(key)
            seen.page.wait_for_function(
                "([chart, before]) => document.querySelector(chart).getAttribute('aria-valuetext') !== before",
                arg=[CHART, before],
            )
            said.append(chart.get_attribute("aria-valuetext"))
        assert said == [
            "Week of 6 January 2025. 977", "Week of 30 December 2024. 974", "Week of 20 November 2023. 800",
        ]  # fmt: skip
        assert violations(seen.page) == []
        seen.page.keyboard.press("Escape")
        assert not seen.page.locator(".tip").is_visible()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/public/series_over_time", "3.13: 38.6 %"),
        ("/public/compare_plugins?a=katello", "katello: 730"),
        ("/public/supported", "%"),
        ("/public/adoption_since_release", "after the release. 3.10: "),
    ],
)
def test_each_kind_of_chart_over_weeks_can_be_read(browser: Browser, public: str, path: str, words: str) -> None:
    with looking(browser) as seen:
        seen.open(public + path)
        chart = seen.page.locator(CHART)
        chart.focus()
        seen.page.keyboard.press("End")
        seen.page.wait_for_selector(".tip")
        assert words in (chart.get_attribute("aria-valuetext") or "")
