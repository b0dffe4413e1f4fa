"""What is stored about the network of an upload."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from receiver.networks.network_tags import NetworkTags

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)


def test_a_tag_is_the_same_for_a_network_in_a_week_and_over_a_restart(tmp_path: Path) -> None:
    """Another week, another network or another receiver gives another tag; loopback has none."""
    tags = NetworkTags(tmp_path / "salts")
    tag = tags.tag(b"one", MONDAY)
    assert tag is not None
    assert len(tag) == 8
    assert tags.tag(b"one", MONDAY + timedelta(days=6, hours=23)) == tag
    assert NetworkTags(tmp_path / "salts").tag(b"one", MONDAY) == tag
    assert tags.tag(b"two", MONDAY) != tag
    assert tags.tag(b"one", MONDAY + timedelta(days=7)) != tag
    assert NetworkTags(tmp_path / "others").tag(b"one", MONDAY) != tag
    assert tags.tag(None, MONDAY) is None


def test_a_salt_is_private_and_destroyed_two_days_after_its_week(tmp_path: Path) -> None:
    """It is readable by its owner only, there until Tuesday's end, and gone on Wednesday."""
    tags = NetworkTags(tmp_path)
    tags.tag(b"one", MONDAY)
    salt = tmp_path / "2026-01-05"
    assert salt.stat().st_mode & 0o777 == 0o600
    tags.destroy_old(MONDAY + timedelta(days=8, hours=23))
    assert salt.exists()
    tags.destroy_old(MONDAY + timedelta(days=9))
    assert not salt.exists()
