"""Disks of their own, where mounting one is permitted."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.programs import lack, need_program


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[Path]:
    """Mount a disk in memory, with these options of mount(8), on a new folder."""
    if os.geteuid() != 0:
        lack("a disk of its own needs the right to mount one")
    folder.mkdir()
    made = subprocess.run([need_program("mount"), "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=False)
    if made.returncode:
        lack("this machine does not allow mounting")
    yield folder
    subprocess.run([need_program("umount"), "--lazy", str(folder)], check=True)
