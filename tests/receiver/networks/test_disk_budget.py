"""How many bytes may be sent: by one network, and by all networks together."""

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connection.limits import BODY_BYTES_MAX
from receiver import limits
from receiver.http.uploads import UploadQuotas
from receiver.networks.quota import DiskBudget, Quota
from receiver.refusals import TooMany
from tests.receiver.running import Receiver, report

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
GIB = 2**30


def test_a_flood_uses_up_its_own_room_and_not_that_of_others() -> None:
    """Beyond what each network may surely send, all together get an hour's share of the free disk at once."""
    budget = DiskBudget(lambda: 480 * GIB)
    sure = limits.NETWORK_BYTES_SURE
    budget.admit(GIB, sure + GIB, MONDAY)
    with pytest.raises(TooMany) as refused:
        budget.admit(GIB // 2, 2 * GIB, MONDAY)
    assert refused.value.wait_seconds == 1801
    budget.admit(20_000, 20_000, MONDAY)  # an honest network is not concerned
    budget.admit(GIB // 2, 2 * GIB, MONDAY + timedelta(minutes=31))


def test_a_budget_follows_the_free_disk() -> None:
    """Less room makes the share smaller, more room larger."""
    free = [480 * GIB]
    budget = DiskBudget(lambda: free[0])
    free[0] = 48 * GIB
    with pytest.raises(TooMany):
        budget.admit(GIB // 2, GIB, MONDAY)
    budget.admit(GIB // 20, GIB, MONDAY)


def test_a_network_may_send_so_many_bytes_a_minute_and_a_day() -> None:
    """A report that does not fit the day waits for the next one; the sum of the day is told."""
    quota = Quota("bytes", 1_000, 3_000)
    assert quota.admit(b"one", MONDAY, 800) == 800
    with pytest.raises(TooMany) as minute:
        quota.admit(b"one", MONDAY, 800)
    assert minute.value.wait_seconds == 37
    for number in range(1, 3):
        quota.admit(b"one", MONDAY + timedelta(minutes=number), 800)
    with pytest.raises(TooMany) as day:
        quota.admit(b"one", MONDAY + timedelta(minutes=5), 800)
    assert day.value.wait_seconds == 86_400 - 300 + 1


def test_what_the_disk_has_no_room_for_is_not_counted() -> None:
    """Found: refused reports used up what each network may surely send, and then its whole day."""
    uploads = Quota("uploads", 60, 1_000)
    quotas = UploadQuotas(uploads, uploads, Quota("bytes", 2_000_000, 32_000_000), DiskBudget(lambda: 0))
    quotas.admit_bytes(b"flood", BODY_BYTES_MAX, MONDAY)
    for _ in range(1_000):
        with pytest.raises(TooMany, match="All networks together"):
            quotas.admit_bytes(b"one", 70_000, MONDAY)
    quotas.admit_bytes(b"one", 1_000, MONDAY)


def test_on_a_small_disk_the_largest_report_waits_and_is_taken() -> None:
    """Found: with less than 120 MiB free it was refused for ever, each time with a time to wait."""
    budget = DiskBudget(lambda: 60 * 2**20)
    budget.admit(BODY_BYTES_MAX, 2**20, MONDAY)
    with pytest.raises(TooMany) as refused:
        budget.admit(BODY_BYTES_MAX, 2**20, MONDAY)
    wait = refused.value.wait_seconds or 0
    assert 3_600 < wait < 3 * 3_600
    budget.admit(BODY_BYTES_MAX, 2**20, MONDAY + timedelta(seconds=wait))


def test_well_packed_reports_do_not_fill_the_log(tmp_path: Path) -> None:
    """Found: 576 kB of gzip put 222 MB into the log in five seconds; the packed size was all that counted."""
    padding = {f"k{number}": "a" * 1000 for number in range(240)}
    packed = [gzip.compress(report(number, **padding)) for number in range(40)]
    with Receiver(tmp_path / "data", environment={"POPCON_TRUSTED_PROXIES": "127.0.0.1"}) as receiver:
        headers = {"Content-Encoding": "gzip", "X-Forwarded-For": "198.51.100.7"}
        statuses = [receiver.post(body, headers)[0] for body in packed]
        status, problem = receiver.post(packed[0], headers)
        honest = receiver.post(report(99), {"X-Forwarded-For": "203.0.113.9"})[0]
    stored = statuses.count(201)
    assert stored * 240_000 <= limits.NETWORK_BYTES_A_MINUTE + 240_000 * 5
    assert statuses == [201] * stored + [429] * (40 - stored)
    assert status == 429
    assert "bytes of reports a minute" in problem["detail"]
    assert honest == 201
