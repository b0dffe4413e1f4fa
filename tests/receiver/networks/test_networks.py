"""Whose network an upload comes from, how much it may send, and what is kept of it."""

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from receiver.networks.clients import network_of_client
from receiver.networks.network_tags import NetworkTags
from receiver.networks.quota import Quota
from receiver.refusals import TooMany
from tests.receiver.running import Receiver, report

PROXIES = (ipaddress.ip_network("127.0.0.1/32"), ipaddress.ip_network("10.0.0.0/8"))
MONDAY = datetime(2026, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("192.0.2.77", [], b"\x04\xc0\x00\x02\x00"),
        ("192.0.2.200", [], b"\x04\xc0\x00\x02\x00"),
        ("192.0.2.77", ["198.51.100.1"], b"\x04\xc0\x00\x02\x00"),  # a stranger's word on its own address
        ("127.0.0.1", [], None),
        ("::1", [], None),
        ("127.0.0.1", ["198.51.100.1"], b"\x04\xc6\x33\x64\x00"),
        ("127.0.0.1", ["192.0.2.1, 198.51.100.1"], b"\x04\xc6\x33\x64\x00"),  # what the client made up stands left
        ("127.0.0.1", ["192.0.2.1", "198.51.100.1"], b"\x04\xc6\x33\x64\x00"),
        ("127.0.0.1", ["198.51.100.1, 10.1.2.3"], b"\x04\xc6\x33\x64\x00"),
        ("127.0.0.1", ["198.51.100.1:4711"], b"\x04\xc6\x33\x64\x00"),
        ("127.0.0.1", ["garbage"], None),
        ("127.0.0.1", ["[2001:db8:1:2::3]:4711"], b"\x06\x20\x01\x0d\xb8\x00\x01" + bytes(10)),
        ("2001:db8:1:ffff::1", [], b"\x06\x20\x01\x0d\xb8\x00\x01" + bytes(10)),
        ("fe80::1%eth0", [], b"\x06\xfe\x80" + bytes(14)),
        ("::ffff:192.0.2.77", [], b"\x04\xc0\x00\x02\x00"),
    ],
)
def test_the_network_is_that_of_the_client(peer: str, forwarded: list[str], expected: bytes | None) -> None:
    """IPv4 by /24, IPv6 by /48, and a header only as far as a trusted proxy wrote it."""
    assert network_of_client(peer, forwarded, PROXIES) == expected


def test_no_proxy_is_trusted_unless_configured() -> None:
    """Without a trusted proxy a header changes nothing."""
    assert network_of_client("127.0.0.1", ["198.51.100.1"], ()) is None
    assert network_of_client("192.0.2.1", ["198.51.100.1"], ()) == b"\x04\xc0\x00\x02\x00"


def test_a_network_may_send_60_a_minute_and_1000_a_day() -> None:
    """The 61st waits for a second, the 1001st for midnight; others are not concerned."""
    quota = Quota(bytes)
    for _ in range(60):
        quota.admit(b"one", MONDAY)
    with pytest.raises(TooMany) as minute:
        quota.admit(b"one", MONDAY)
    assert minute.value.wait_seconds == 2
    quota.admit(b"two", MONDAY)
    now = MONDAY
    for _ in range(940):
        now += timedelta(seconds=1)
        quota.admit(b"one", now)
    with pytest.raises(TooMany) as day:
        quota.admit(b"one", now + timedelta(minutes=5))
    assert day.value.wait_seconds == 86400 - 940 - 300 + 1
    quota.admit(b"one", MONDAY + timedelta(days=1))


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


def test_a_network_behind_a_trusted_proxy_is_limited_and_tagged(tmp_path: Path) -> None:
    """60 uploads are taken, the next is asked to wait; the log keeps a tag and nothing keeps the address."""
    data = tmp_path / "data"
    with Receiver(data, environment={"POPCON_TRUSTED_PROXIES": "127.0.0.1"}) as receiver:
        forwarded = {"X-Forwarded-For": "198.51.100.7"}
        statuses = [receiver.post(report(number), forwarded)[0] for number in range(64)]
        assert statuses[:60] == [201] * 60
        assert 429 in statuses[60:]
        status, problem = receiver.post(report(), forwarded, "/data?dry_run=1")
        if status == 429:
            assert 1 <= int(problem["headers"]["retry-after"]) <= 2
        assert receiver.post(report(99))[0] == 201, "loopback itself is exempt"
        assert receiver.stop() == 0
        assert receiver.said() == ""
    (salt,) = (data / "network-salts").iterdir()
    assert salt.stat().st_mode & 0o777 == 0o600
    for path in [data / "log.db", data / "log.mark", salt]:
        assert b"198.51" not in path.read_bytes()
        assert bytes([198, 51, 100]) not in path.read_bytes()
