"""A real browser before real servers: Debian's Chromium, driven by Playwright, which downloads nothing here."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from simulation.public_database import publish, write_views
from tests.browser.looking import HOSTILE
from tests.dashboard.archiving import write_latest, write_week
from tests.dashboard.serving import server
from tests.programs import need_program


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Of this folder only: Playwright keeps an event loop running, and other tests run their own."""
    chromium = need_program("chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium)
        yield started
        started.close()


@pytest.fixture(scope="package")
def public(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a dashboard of sixty weeks, of which three are archived."""
    folder = tmp_path_factory.mktemp("public")
    publish(folder / "public.db", weeks=60)
    archive(folder)
    with server("public", folder) as (address, _):
        yield address


@pytest.fixture(scope="package")
def vandalised(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a dashboard whose tables hold what no publisher would let through."""
    folder = tmp_path_factory.mktemp("vandalised")
    publish(folder / "public.db", weeks=60, hostile=HOSTILE)
    archive(folder)
    with server("public", folder) as (address, _):
        yield address


def archive(folder: Path) -> None:
    exports = folder / "public" / "exports"
    for name in ("2024-04-08", "2024-04-08.r2", "2024-12-30"):
        write_week(exports, name)
    write_latest(exports, folder / "public.db")


@pytest.fixture(scope="package")
def explorer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of an explorer; its views hold names as they were reported."""
    folder: Path = tmp_path_factory.mktemp("views")
    write_views(folder / "views.db", HOSTILE)
    with server("explorer", folder) as (address, _):
        yield address
