"""What `GET /data` and `DELETE /data` cost, and tell."""

import contextlib
import socket
from contextlib import ExitStack
from pathlib import Path

from receiver import limits
from tests.memory import memory_of
from tests.receiver.running import Receiver, report

OWN = {"Authorization": f"Bearer {7:032d}"}


def test_readers_that_stall_hold_little_and_keep_nobody_out(tmp_path: Path) -> None:
    """Found: `GET /data` readers that stalled held 676 files open and 465 MB."""
    padding = {f"k{number}": "a" * 1000 for number in range(200)}
    with Receiver(tmp_path / "data") as receiver, ExitStack() as stack:
        for _ in range(20):
            assert receiver.post(report(7, **padding))[0] == 201
        for _ in range(6 * limits.ANSWERS_AT_ONCE_MAX):
            line = stack.enter_context(socket.socket())
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            line.connect(("127.0.0.1", receiver.port))
            line.sendall(f"GET /data HTTP/1.1\r\nHost: x\r\nAuthorization: {OWN['Authorization']}\r\n\r\n".encode())
            with contextlib.suppress(ConnectionError):
                line.recv(1)
        files = len(list(Path(f"/proc/{receiver.process.pid}/fd").iterdir()))
        assert files < 20 + 2 * limits.ANSWERS_AT_ONCE_MAX
        assert memory_of(receiver.process.pid) < 200e6
        status, shown = receiver.ask("GET", "/data", OWN)
        assert (status, len(shown["uploads"])) == (200, 20)
        assert receiver.post(report(8))[0] == 201
        assert receiver.said() == ""


def test_an_erasure_tells_nobody_whether_there_was_anything(receiver: Receiver) -> None:
    """Found: 200 for an erased uuid and 404 for an unknown one told strangers which uuids had been there."""
    receiver.post(report(4711))
    answers = []
    for number in (4711, 4711, 815):
        status, answer = receiver.ask("DELETE", "/data", {"Authorization": f"Bearer {number:032d}"})
        answer["headers"].pop("date")
        answers.append((status, answer))
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][0] == 200
    assert receiver.post(report(4711))[0] == 410
    assert receiver.post(report(815))[0] == 201


def test_a_damaged_history_is_a_refusal_not_half_an_answer(tmp_path: Path) -> None:
    """Found: 200, and then a body that broke off."""
    with Receiver(tmp_path / "data") as receiver:
        receiver.post(report(7))
        (tmp_path / "data" / "history.db").write_bytes(b"garbage" * 1000)
        status, problem = receiver.ask("GET", "/data", OWN)
        assert (status, problem["type"]) == (503, "urn:foreman-popcon:ViewsBehind")
