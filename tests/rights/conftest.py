"""A house with a receiver and its transforms, in a folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.receiver.running import Receiver
from tests.rights.house import House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with House(tmp_path / "data") as house:
        yield house


@pytest.fixture(scope="session")
def receiver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    with Receiver(tmp_path_factory.mktemp("receiver") / "data") as running:
        yield running
