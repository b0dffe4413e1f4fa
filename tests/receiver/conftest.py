"""Receivers to test against."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.receiver.running import Receiver


@pytest.fixture(scope="session")
def receiver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    """A receiver that all tests share; its log only grows."""
    with Receiver(tmp_path_factory.mktemp("shared") / "data") as running:
        yield running


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"
