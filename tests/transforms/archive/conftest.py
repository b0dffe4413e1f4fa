"""A community whose weeks are published, and what its archive holds."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.transforms.given import Given
from transforms.archive.archive import write_archive

WEEKS = 6
PLUGINS = [{"name": "katello", "version": "4.14.0"}, {"name": "foreman-tasks", "version": "9.0.0"}]


@pytest.fixture
def given(tmp_path: Path) -> Given:
    """Return an empty log, small groups, and the project's defaults otherwise: with noise."""
    return Given(tmp_path, {"POPCON_MIN_GROUP": "3"})


@pytest.fixture
def published(given: Given) -> Given:
    """Return 24 installations over six weeks; in the first nobody counts yet, so that it has no rows."""
    return publish(given)


@pytest.fixture
def publish_in(tmp_path: Path) -> Callable[..., Given]:
    """Return a function that publishes the same in another folder."""

    def publish_there(folder: str, **environment: str) -> Given:
        (tmp_path / folder).mkdir(parents=True)
        return publish(Given(tmp_path / folder, {"POPCON_MIN_GROUP": "3", **environment}))

    return publish_there


def publish(given: Given) -> Given:
    for week in range(WEEKS):
        given.uploads(range(16), [week], plugins=PLUGINS, hosts_count=12)
        given.uploads(range(16, 24), [week], core_version="3.11.0", compute_resources=["libvirt"])
    given.refresh()
    return given


def archive(given: Given) -> list[str]:
    """Archive what is not yet, and return the names of the folders that were written."""
    return [path.name for path in write_archive(given.settings)]


def command(given: Given, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **given.environment, "POPCON_DATA": str(given.folder)}
    return subprocess.run(
        [sys.executable, "-m", "transforms", *arguments], env=environment, capture_output=True, text=True, check=False
    )


def package(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "datapackage.json").read_text()))


def files_of(folder: Path) -> dict[str, bytes]:
    """Return every file of the archive's weeks, by folder and name."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.glob("[0-9]*/*"))}
