"""Folders of the archive: anyone may read them, and what is in them is there whole or not at all."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from files import move_durably, readable_by_anyone


@contextmanager
def written_once(folder: Path) -> Iterator[Path]:
    """Yield a draft to write files into, each synced; at the end it becomes `folder`, which is not there yet."""
    with _draft(folder) as draft:
        yield draft
        move_durably(draft, folder)


@contextmanager
def replaced(folder: Path, *names: str) -> Iterator[Path]:
    """Yield a draft to write these files into; at the end each replaces the one of `folder`, in order."""
    with _draft(folder) as draft:
        yield draft
        folder.mkdir(exist_ok=True)
        for name in names:
            move_durably(draft / name, folder / name)
        draft.rmdir()


def remove_drafts(parent: Path) -> None:
    """Remove what runs that were cut off have left."""
    for draft in parent.glob(".*.new"):
        shutil.rmtree(draft)


@contextmanager
def _draft(folder: Path) -> Iterator[Path]:
    draft = folder.with_name(f".{folder.name}.new")
    with readable_by_anyone():
        draft.mkdir()
        try:
            yield draft
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
