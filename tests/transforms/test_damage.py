"""Everything right of the log can be made again, and is, without being asked."""

import shutil

import pytest

from tests.transforms.given import Given


@pytest.fixture
def counted(given: Given) -> Given:
    given.uploads(range(5), [0, 1, 2], plugins=[{"name": "katello", "version": "4.14.0"}])
    given.refresh()
    return given


@pytest.mark.parametrize("content", [b"", b"garbage" * 1000, None])
@pytest.mark.parametrize("rebuild", [False, True])
def test_a_damaged_public_database_is_made_again(counted: Given, content: bytes | None, rebuild: bool) -> None:
    """Found: refresh and rebuild said "unchanged" over garbage, an empty file and a link to nothing."""
    whole = counted.settings.public.read_bytes()
    snapshot = counted.settings.public.resolve()
    if content is None:
        snapshot.unlink()
    else:
        snapshot.write_bytes(content)
    assert counted.refresh(rebuild=rebuild).is_published
    assert counted.settings.public.read_bytes() == whole
    assert not counted.refresh().is_published


@pytest.mark.parametrize("content", [b"", b"garbage" * 1000])
def test_damaged_views_are_built_again(counted: Given, content: bytes) -> None:
    """Found: garbage in views.db failed every refresh from then on."""
    before = counted.settings.public.read_bytes()
    counted.settings.views.resolve().write_bytes(content)
    assert counted.refresh().is_rebuilt
    assert counted.settings.public.read_bytes() == before


def test_damaged_pages_of_the_views_are_built_again(counted: Given) -> None:
    """The first page is whole, so that the damage shows only while it counts."""
    views = counted.settings.views.resolve()
    content = bytearray(views.read_bytes())
    content[4096:] = bytes(len(content) - 4096)
    views.write_bytes(content)
    counted.uploads(range(5), [3])
    assert counted.refresh().is_rebuilt
    assert len(counted.public("select * from weekly_installations")) >= 3


def test_deleted_snapshots_are_made_again(counted: Given) -> None:
    before = counted.settings.public.read_bytes()
    shutil.rmtree(counted.settings.snapshots)
    assert counted.refresh().is_rebuilt
    assert counted.settings.public.read_bytes() == before
