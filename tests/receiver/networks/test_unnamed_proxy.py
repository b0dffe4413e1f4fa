"""A proxy on this machine that the operator has not named."""

from pathlib import Path

import pytest

from tests.receiver.running import Receiver, report


@pytest.mark.parametrize("header", [{"X-Forwarded-For": "198.51.100.7"}, {"Forwarded": "for=198.51.100.7"}])
def test_its_requests_are_limited_and_told(tmp_path: Path, header: dict[str, str]) -> None:
    """Found: 1,300 of 1,300 uploads taken, without a tag or a cap; a made-up plugin was published with 500 of 1,195."""
    with Receiver(tmp_path / "data") as receiver:
        assert "warnings" not in receiver.get("/readyz")[1]
        statuses = [receiver.post(report(number), header)[0] for number in range(70)]
        assert statuses[:60] == [201] * 60
        assert statuses.count(201) < 65
        assert receiver.post(report(99))[0] == 201, "loopback that speaks for itself is exempt"
        status, ready = receiver.get("/readyz")
        assert status == 200
        (warning,) = ready["warnings"]
        assert warning.startswith("A proxy on this machine is not named in POPCON_TRUSTED_PROXIES")
        assert receiver.metrics()["popcon_unnamed_proxy_requests_total"] == 70
        assert receiver.stop() == 0
        assert receiver.said() == f"receiver: {warning}\n", "once, not for each request"
    log = (tmp_path / "data" / "log.db").read_bytes()
    assert b"198.51" not in log
