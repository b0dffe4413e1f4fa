"""A house with a receiver and its transforms, in a folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rights.house import House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with House(tmp_path / "data") as house:
        yield house
