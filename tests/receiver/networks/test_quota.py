"""How much a network may send."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from receiver.networks.quota import Quota
from receiver.refusals import TooMany
from tests.receiver.running import Receiver, report

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)


def test_a_network_may_send_60_a_minute_and_1000_a_day() -> None:
    """The 61st waits for a second, the 1001st for midnight; others are not concerned."""
    quota = Quota("uploads", 60, 1000)
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


def test_a_minutes_bytes_do_not_come_at_once() -> None:
    """Found: 16 networks that sent a minute's bytes in a second made each upload in a hundred four times slower."""
    quota = Quota("bytes of reports", 2_000, 10_000, at_once=500)
    quota.admit(b"one", MONDAY, 500)
    with pytest.raises(TooMany) as refused:
        quota.admit(b"one", MONDAY, 250)
    assert refused.value.wait_seconds == 8
    assert "2,000 bytes of reports a minute, 500 at once," in refused.value.what_to_do
    sent = sum(admits(quota, MONDAY + timedelta(seconds=second), 100) for second in range(1, 61))
    assert 1_900 <= sent <= 2_000


def admits(quota: Quota, now: datetime, amount: int) -> int:
    """Return how much was taken: all of it or nothing."""
    try:
        quota.admit(b"one", now, amount)
    except TooMany:
        return 0
    return amount


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
