"""The disk fails, slows down or fills up."""

import time
from pathlib import Path

import pytest

from tests.campaign import length, tell
from tests.faults.clients import Clients
from tests.faults.disk.small_disk import DISK_BYTES, fill
from tests.faults.kept import kept, lost
from tests.programs import need_program
from tests.receiver.running import Receiver, command, report


def traced(fault: str) -> list[str]:
    calls = fault.split(":")[0]
    return [need_program("strace"), "-f", "-qq", "-o", "/dev/null", "-e", f"trace={calls}", "-e", f"inject={fault}"]


@pytest.mark.parametrize("fault", ["fsync,fdatasync:error=EIO:when=40+", "pwrite64:error=EIO:when=160+"])
def test_an_io_error_acknowledges_nothing_and_ends_the_receiver(tmp_path: Path, fault: str) -> None:
    """The batch gets 503, the receiver ends with status 1, and what was acknowledged before is there."""
    data = tmp_path / "data"
    with Receiver(data, prefix=traced(fault)) as receiver:
        clients = Clients(receiver.port, 8)
        with clients.at_work():
            status = receiver.process.wait(30)
            clients.stop()
    tell(fault=fault, acknowledged=len(clients.acknowledged), refused=clients.refused, status=status)
    assert status == 1
    assert set(clients.refused) == {503}
    assert "could not be written" in receiver.said()
    assert lost(clients.acknowledged, data) == []
    with Receiver(data) as again:
        assert again.post(report())[0] == 201


def test_a_slow_disk_only_delays(tmp_path: Path) -> None:
    """With a sync of two seconds now and then every upload is answered late, none is lost, and few wait in memory."""
    data = tmp_path / "data"
    with Receiver(data, prefix=traced("fsync,fdatasync:delay_enter=2000000:when=30+25")) as receiver:
        clients, deepest = Clients(receiver.port, 32), 0.0
        with clients.at_work():
            for _ in range(length(15, 100)):
                time.sleep(0.2)
                deepest = max(deepest, receiver.metrics()["popcon_queue_uploads"])
                assert receiver.get("/livez")[0] == 200
        assert lost(clients.acknowledged, data) == []
    tell(acknowledged=len(clients.acknowledged), refused=clients.refused, deepest_queue=int(deepest))
    assert clients.refused == {}
    assert deepest <= 32


def test_a_full_disk_is_told_before_and_got_over_after(small_disk: Path, tmp_path: Path) -> None:
    """Not ready below the floor; 507 when full, with reads going on; 201 again as soon as there is room."""
    data = small_disk / "data"
    large = report(3, further=["x" * 1000] * 100)
    with Receiver(data) as receiver:
        receiver.errors = tmp_path / "errors"
        assert receiver.post(large)[0] == 201
        filler = fill(small_disk, DISK_BYTES // 25)
        assert receiver.get("/readyz")[0] == 503
        assert receiver.post(large)[0] == 201, "not ready is said before the disk is full"
        seqs = 2
        while (answer := receiver.post(large))[0] == 201:
            seqs += 1
        assert (answer[0], answer[1]["headers"]["retry-after"]) == (507, "3600")
        assert receiver.get("/livez")[0] == 200
        assert len(kept(data)) == seqs
        filler.unlink()
        assert receiver.get("/readyz")[0] == 200
        status, stored = receiver.post(large)
        assert (status, stored["seq"]) == (201, seqs + 1)
    assert command(data, "check-log").returncode == 0
    tell(disk_bytes=DISK_BYTES, stored_before=seqs, stored_after=1)
