"""A public server and an explorer over real files, asked through Datasette's own client."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.servers import explorer_app, public_app
from dashboard.site import Dashboard
from simulation.public_database import publish, write_views
from tests.dashboard.asking import Get, asking, settings_in


@pytest.fixture(scope="session")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """Sixty weeks of 800 installations and more."""
    folder = tmp_path_factory.mktemp("public")
    publish(folder / "public.db", weeks=60)
    site = public_app(settings_in(folder))
    yield site
    site.linked.close()


@pytest.fixture(scope="session")
def get(runner: asyncio.Runner, site: Dashboard) -> Get:
    return asking(runner, site)


@pytest.fixture
def get_explorer(runner: asyncio.Runner, tmp_path: Path) -> Iterator[Get]:
    write_views(tmp_path / "views.db")
    explorer = explorer_app(settings_in(tmp_path))
    yield asking(runner, explorer)
    explorer.linked.close()
