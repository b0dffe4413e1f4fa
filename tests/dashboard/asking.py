"""How the tests ask a server."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import httpx

from dashboard.site import Dashboard
from settings import Settings

Get = Callable[..., httpx.Response]


def settings_in(folder: Path) -> Settings:
    return Settings.from_environment({"POPCON_DATA": str(folder)})


def asking(runner: asyncio.Runner, site: Dashboard) -> Get:
    def get(path: str, method: str = "GET", headers: dict[str, str] | None = None) -> httpx.Response:
        async def ask() -> httpx.Response:
            found: httpx.Response = await site.client.request(method, path, headers=headers or {})
            return found

        return runner.run(ask())

    return get
