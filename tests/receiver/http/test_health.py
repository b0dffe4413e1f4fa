"""Whether the receiver is alive, and ready for uploads."""

from pathlib import Path

from tests.receiver.running import Receiver, report


def test_it_is_alive_and_ready(receiver: Receiver) -> None:
    """Two answers of 200."""
    assert receiver.get("/livez")[0] == receiver.get("/readyz")[0] == 200


def test_a_clock_that_went_back_is_told_and_time_does_not_fall(tmp_path: Path) -> None:
    """An hour behind the last upload it is not ready; uploads are taken at the later time."""
    data = tmp_path / "data"
    with Receiver(data) as receiver:
        first = receiver.post(report(1))[1]["received_at"]
    environment = {"SECONDS_BEHIND": "7200"}
    with Receiver(data, module=("tests.faults.small_bounds",), environment=environment) as receiver:
        status, problem = receiver.get("/readyz")
        assert (status, problem["title"]) == (
            503,
            f"The clock is more than an hour behind the last upload ({first}). Correct it.",
        )
        assert receiver.post(report(2))[1]["received_at"] == first
