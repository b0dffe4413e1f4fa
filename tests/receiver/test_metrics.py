"""What the receiver counts about itself."""

import http.client
from pathlib import Path

from tests.receiver.running import Receiver, report


def test_the_metrics_count_by_result_and_reason(tmp_path: Path) -> None:
    """Stored, refused and dry runs, commits, queue, WAL, disk and build; never a uuid."""
    with Receiver(tmp_path / "data") as receiver:
        receiver.post(report(1))
        receiver.post(report(2))
        receiver.post(b"{}")
        receiver.post(report(3), path="/data?dry_run=1")
        receiver.raw(b"\x00\r\n\r\n", 1)
        seen = receiver.metrics()
    assert seen['popcon_uploads_total{reason="",result="stored"}'] == 2
    assert seen['popcon_uploads_total{reason="",result="dry_run"}'] == 1
    assert seen['popcon_uploads_total{reason="NotAReport",result="refused"}'] == 1
    assert seen['popcon_uploads_total{reason="NotHttp",result="refused"}'] == 1
    assert seen["popcon_commit_seconds_count"] == seen["popcon_batch_uploads_count"] == 2
    assert seen["popcon_queue_uploads"] == 0
    assert min(seen[f"popcon_{name}"] for name in ("wal_bytes", "free_bytes", "last_commit_timestamp_seconds")) > 0
    assert any(name.startswith("popcon_build_info{") for name in seen)


def test_the_metrics_are_for_this_machine_only(tmp_path: Path) -> None:
    """A page elsewhere can point its own name at 127.0.0.1; the name gives it away."""
    with Receiver(tmp_path / "data") as receiver:
        port = int(receiver.environment["POPCON_METRICS_PORT"])
        for host, status in [(f"127.0.0.1:{port}", 200), ("localhost", 200), ("popcon.example", 403), ("", 403)]:
            connection = http.client.HTTPConnection("127.0.0.1", port)
            connection.request("GET", "/metrics", headers={"Host": host})
            assert connection.getresponse().status == status
            connection.close()
