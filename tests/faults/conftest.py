"""A small disk, where mounting one is permitted."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.small_disk import DISK_BYTES
from tests.programs import lack, need_program


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    if os.geteuid() != 0:
        lack("a small disk needs the right to mount one")
    disk = tmp_path / "disk"
    disk.mkdir()
    made = subprocess.run(
        [need_program("mount"), "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(disk)], check=False
    )
    if made.returncode:
        lack("this machine does not allow mounting")
    yield disk
    subprocess.run([need_program("umount"), "--lazy", str(disk)], check=True)
