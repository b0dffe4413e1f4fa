"""A receiver, as one of the servers whose connections have these limits."""

from collections.abc import Iterator

import pytest

from tests.receiver.running import Receiver


@pytest.fixture(scope="session")
def receiver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    """A receiver that all tests share; its log only grows."""
    with Receiver(tmp_path_factory.mktemp("connection") / "data") as running:
        yield running
