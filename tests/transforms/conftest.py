"""A fresh log for a test."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.transforms.given import Given
from tests.transforms.simulated import SCENARIOS, Dated, fill, uploads


@pytest.fixture
def given(tmp_path: Path) -> Given:
    """Return an empty log, small enough groups to reason about, and the project's defaults otherwise."""
    return Given(tmp_path, {"POPCON_MIN_GROUP": "3", "POPCON_NOISE": "0"})


@pytest.fixture
def make_given(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Given]:
    """Return a function that makes as many logs as a property needs."""
    return lambda **environment: Given(
        tmp_path_factory.mktemp("log"), {"POPCON_MIN_GROUP": "3", "POPCON_NOISE": "0", **environment}
    )


@pytest.fixture(scope="session")
def troubled() -> list[Dated]:
    """Return the uploads of a simulated community with everybody who makes trouble."""
    return list(uploads(300, 11, 3, SCENARIOS))


@pytest.fixture(scope="session")
def community(tmp_path_factory: pytest.TempPathFactory, troubled: list[Dated]) -> Given:
    """Return the same in a log, refreshed.  For looking only."""
    return fill(tmp_path_factory.mktemp("community"), troubled)
