"""What the receiver's commands say when they cannot, and what they leave alone."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from receiver.log.lock import LogInUseError, writer_lock
from tests.programs import lack, need_program
from tests.receiver.running import Receiver, command, report


def test_a_second_receiver_ends_and_the_first_goes_on(tmp_path: Path) -> None:
    """The second says who holds the log."""
    data = tmp_path / "data"
    with Receiver(data) as receiver:
        second = command(data, "serve")
        assert second.returncode == 1
        assert second.stderr == (
            f"receiver: The log in {data} is in use by process {receiver.process.pid} (serve). Stop that first.\n"
        )
        assert command(data, "import-log", os.devnull).returncode == 1
        assert receiver.post(report())[1]["seq"] == 1


def test_the_lock_is_free_again_afterwards(tmp_path: Path) -> None:
    """Within it a second one is refused, behind it not."""
    refused = pytest.raises(LogInUseError, match=r"in use by process \d+ \(one\)")
    with writer_lock(tmp_path, "one"), refused, writer_lock(tmp_path, "two"):
        pass
    with writer_lock(tmp_path, "three"):
        assert (tmp_path / "receiver.log.lock").read_text().split() == ["process", str(os.getpid()), "(three)"]


@pytest.mark.parametrize("what", ["folder", "log"])
def test_a_folder_of_somebody_else_is_named(tmp_path: Path, what: str) -> None:
    """As another user: one line that says which file, who runs and who owns."""
    if os.geteuid() != 0:
        lack("running as another user needs root")
    data = tmp_path / "data"
    with Receiver(data) as receiver:
        receiver.post(report())
        assert receiver.stop() == 0
    for folder in [tmp_path, *list(tmp_path.parents)[:3]]:
        folder.chmod(0o755)
    data.chmod(0o755 if what == "folder" else 0o777)
    if what == "log":
        (data / "receiver.log.lock").chmod(0o666)
    prefix = [need_program("setpriv"), "--reuid=65534", "--regid=65534", "--clear-groups"]
    if subprocess.run([*prefix, sys.executable, "-c", ""], capture_output=True, check=False).returncode:
        lack("another user cannot start this Python")  # one that lies in somebody's home, for example
    refused = command(data, "serve", prefix=prefix)
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1, refused.stderr
    assert "This runs as user 65534; the folder (POPCON_DATA) belongs to 0" in refused.stderr


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    """One line, with the variable that gives another port."""
    with Receiver(tmp_path / "data") as receiver:
        other = Receiver(tmp_path / "other", environment={"POPCON_RECEIVER_PORT": str(receiver.port)})
        assert other.process.wait(20) == 1
        assert "Give another with POPCON_RECEIVER_PORT=" in other.said()
        assert other.said().count("\n") == 1


def test_a_metrics_port_in_use_costs_only_the_metrics(tmp_path: Path) -> None:
    """Uploads are worth more than figures about them."""
    with Receiver(tmp_path / "data") as receiver:
        port = receiver.environment["POPCON_METRICS_PORT"]
        with Receiver(tmp_path / "other", environment={"POPCON_METRICS_PORT": port}) as other:
            assert other.post(report())[0] == 201
            assert "no metrics on port" in other.said()


def test_export_and_import_are_each_others_reverse(tmp_path: Path) -> None:
    """The log of an export, imported, exports the same."""
    with Receiver(tmp_path / "data") as receiver:
        for number in range(3):
            receiver.post(report(number, note="ü\n\u2028"))
    one, two = tmp_path / "one", tmp_path / "two"
    assert command(tmp_path / "data", "export-log", str(one)).stdout == f"3 uploads written to {one}.\n"
    assert command(tmp_path / "fresh", "import-log", str(one)).stdout == "3 uploads appended, 0 lines refused.\n"
    command(tmp_path / "fresh", "export-log", str(two))
    assert one.read_bytes() == two.read_bytes()
