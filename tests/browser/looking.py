"""What is looked at on a page, whoever looks."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import axe_playwright_python  # type: ignore[import-untyped]  # only for the file that it carries
from playwright.sync_api import Browser, BrowserContext, Page

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
PLACE = {"exclude": [["tbody tr:nth-child(n+9)"], ["option:nth-child(n+9)"]]}  # one row is as the next
WIDTHS = (390, 1400)
WAIT_MILLISECONDS = 60_000  # a machine that does other work is slow, not broken
Scheme = Literal["light", "dark"]
HOSTILE = (
    "<script>window.hit=1</script>",
    "<img src=x onerror='window.hit=1'>",
    '"><svg onload=window.hit=1>',
    "=cmd|' /C calc'!A0",
    "javascript:window.hit=1",
    "https://elsewhere.example/x.png",
    "\u202ednuora denrut",
    "long" * 12_500,
)
# What Tab reaches, unless it is within something closed.
REACHABLE = "a[href], button, select, textarea, summary, input:not([type=hidden]), [tabindex='0']"


@dataclass
class Seen:
    """What happened while a page was open."""

    page: Page
    said: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def open(self, address: str) -> None:
        response = self.page.goto(address)
        assert response is not None
        assert response.status == 200, address


@contextmanager
def looking(browser: Browser, *, scripts: bool = True) -> Iterator[Seen]:
    """A page of its own, in a context that all share: what is the same on every page is fetched once."""
    page = _context(browser, scripts).new_page()
    seen = Seen(page)
    page.on("console", lambda message: seen.said.append(message.text))
    page.on("pageerror", lambda error: seen.said.append(str(error)))
    page.on("dialog", lambda dialog: seen.said.append(dialog.message))
    page.on("request", lambda request: seen.hosts.add(urlsplit(request.url).netloc))
    yield seen
    page.close()


@cache
def _context(browser: Browser, scripts: bool) -> BrowserContext:
    context = browser.new_context(java_script_enabled=scripts, viewport={"width": 1400, "height": 900})
    context.set_default_timeout(WAIT_MILLISECONDS)
    return context


def violations(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.1 AA: rule, and the first place."""
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(AXE)
    options = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"], "preload": False}
    found: list[dict[str, Any]] = page.evaluate(
        "([place, options]) => axe.run(place, options).then(found => found.violations)", [PLACE, options]
    )
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]} {each['nodes'][0]['failureSummary']}" for each in found]


def sideways(page: Page) -> int:
    """Pixels that the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def not_reached(page: Page) -> list[str]:
    """What a keyboard should reach and does not, by pressing Tab through the whole page."""
    page.evaluate("""reachable => {
        window.wanted = [...document.querySelectorAll(reachable)].filter((one) => one.checkVisibility());
        window.reached = new Set();
        document.addEventListener("focusin", (event) => window.reached.add(event.target));
        document.activeElement?.blur();
    }""", REACHABLE)  # fmt: skip
    for _ in range(int(page.evaluate("window.wanted.length")) + 2):
        page.keyboard.press("Tab")
    missed: list[str] = page.evaluate(
        "window.wanted.filter((one) => !window.reached.has(one)).map((one) => one.outerHTML.slice(0, 120))"
    )
    return missed
