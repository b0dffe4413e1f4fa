"""What holds for every test."""

import pytest
from hypothesis import settings

from tests.campaign import IS_FULL

settings.register_profile("short", derandomize=True, database=None)  # when it fails, it fails by the change, and again
settings.register_profile("full", print_blob=True)
settings.load_profile("full" if IS_FULL else "short")

# Rooms whose tests share what is slow to start (a browser), or that load the machine or wait for it so much that only
# one runs at a time.
TOGETHER = {"tests/browser/": "browser", "tests/faults/": "load", "tests/launcher/": "load"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With several workers, the tests of a file run on one of them, in order, since they share fixtures."""
    for item in items:
        file = item.nodeid.split("::")[0]
        group = next((group for room, group in TOGETHER.items() if file.startswith(room)), file)
        item.add_marker(pytest.mark.xdist_group(group))
