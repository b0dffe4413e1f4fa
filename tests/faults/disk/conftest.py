"""A small disk."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.disks import mounted
from tests.faults.disk.small_disk import DISK_BYTES


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    with mounted(tmp_path / "disk", f"size={DISK_BYTES}") as disk:
        yield disk
