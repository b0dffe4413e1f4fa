"""How the tests ask a server."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import httpx

from dashboard.site import Dashboard
from settings import Settings

Get = Callable[..., httpx.Response]


def beside_our_script(page: str) -> str:
    """The page without the one script it may have: a file of our own."""
    return re.sub(r'<script src="/static/chart\.js\?[0-9a-f]{10}" defer></script>', "", page, count=1)


def settings_in(folder: Path) -> Settings:
    return Settings.from_environment({"POPCON_DATA": str(folder)})


def asking(runner: asyncio.Runner, site: Dashboard) -> Get:
    def get(path: str, method: str = "GET", headers: dict[str, str] | None = None) -> httpx.Response:
        async def ask() -> httpx.Response:
            found: httpx.Response = await site.client.request(method, path, headers=headers or {})
            return found

        return runner.run(ask())

    return get
