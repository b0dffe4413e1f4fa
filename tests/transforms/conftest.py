"""A fresh log for a test."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.transforms.given import Given


@pytest.fixture
def given(tmp_path: Path) -> Given:
    """Return an empty log, small enough groups to reason about, and the project's defaults otherwise."""
    return Given(tmp_path, {"POPCON_MIN_GROUP": "3"})


@pytest.fixture
def make_given(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Given]:
    """Return a function that makes as many logs as a property needs."""
    return lambda **environment: Given(tmp_path_factory.mktemp("log"), {"POPCON_MIN_GROUP": "3", **environment})
