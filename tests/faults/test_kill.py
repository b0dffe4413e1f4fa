"""The receiver is killed, stopped and started again under load."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from tests.campaign import length, seeded, tell
from tests.faults.clients import Clients
from tests.faults.kept import kept, lost
from tests.receiver.running import POST_HEAD, ROOT, Receiver, command, environment_of

HANDED_OVER = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
os.execv(sys.executable, [sys.executable, "-m", "receiver", "serve"])
"""


def test_kill_at_random_moments_loses_nothing(tmp_path: Path) -> None:
    """Every acknowledged upload is there after each kill, once, and the receiver is up again within two seconds."""
    random, seed = seeded()
    data, acknowledged, starts = tmp_path / "data", 0, list[float]()
    port = ""
    for _ in range(kills := length(4, 100)):
        environment = {"POPCON_RECEIVER_PORT": port} if port else {}
        with Receiver(data, environment=environment) as receiver:
            port = str(receiver.port)
            clients = Clients(receiver.port, 16)
            with clients.at_work():
                time.sleep(random.uniform(0.05, 0.6))
                receiver.process.send_signal(signal.SIGKILL)
                receiver.process.wait()
                clients.stop()
        assert not clients.repeated
        with Receiver(data, environment={"POPCON_RECEIVER_PORT": port}) as again:
            starts.append(again.up_seconds)
            again.process.send_signal(signal.SIGKILL)
        assert lost(clients.acknowledged, data) == []
        acknowledged += len(clients.acknowledged)
    assert command(data, "check-log").returncode == 0
    stored = len(kept(data))
    tell(seed=seed, kills=kills, acknowledged=acknowledged, lost=0, unacknowledged=stored - acknowledged)
    tell(up_again_seconds=round(median(starts), 2), slowest=round(max(starts), 2))
    assert median(starts) < 2


def test_sigterm_answers_what_is_under_way(tmp_path: Path) -> None:
    """SIGTERM with requests at every stage: nothing acknowledged is lost, and it ends in time with status 0."""
    random, seed = seeded()
    answered = slowest = 0.0
    for number in range(stops := length(2, 20)):
        data = tmp_path / str(number)
        with Receiver(data) as receiver, receiver.connect(), receiver.connect() as half, receiver.connect() as late:
            half.sendall(b"POST /data HTTP/1.1\r\nHost")
            late.sendall(POST_HEAD + b"Content-Length: 500\r\n\r\n{")
            clients = Clients(receiver.port, 16)
            with clients.at_work():
                time.sleep(random.uniform(0.05, 0.4))
                started = time.monotonic()
                assert receiver.stop() == 0
                slowest = max(slowest, time.monotonic() - started)
                clients.stop()
            assert late.recv(1000).startswith(b"HTTP/1.1 503 ")
            assert lost(clients.acknowledged, data) == []
            assert set(clients.refused) <= {503}
            assert receiver.said() == ""
        answered += len(clients.acknowledged)
    tell(seed=seed, stops=stops, acknowledged=int(answered), lost=0, slowest_seconds=round(slowest, 2))
    assert slowest < 8


def test_a_restart_with_a_socket_handed_over_refuses_no_connection(tmp_path: Path) -> None:
    """systemd keeps the socket; clients wait for a moment and are answered.  TCP_NODELAY holds."""
    data = tmp_path / "data"
    with socket.create_server(("127.0.0.1", 0), backlog=512) as shared:
        environment = environment_of(data)
        clients = Clients(shared.getsockname()[1], 8)
        with clients.at_work():
            for _ in range(restarts := length(2, 10)):
                process = subprocess.Popen(
                    [sys.executable, "-c", HANDED_OVER, str(shared.fileno())],
                    cwd=ROOT,
                    env=environment,
                    pass_fds=[shared.fileno()],
                )
                before, patience = len(clients.acknowledged), time.monotonic() + 20
                while len(clients.acknowledged) < before + 100 and time.monotonic() < patience:
                    time.sleep(0.01)
                process.terminate()
                assert process.wait(10) == 0
            clients.stop()
            shared.close()  # those still in the backlog are let go
    tell(restarts=restarts, acknowledged=len(clients.acknowledged), refused=clients.refused_connections)
    assert clients.refused_connections == 0
    assert clients.acknowledged
    assert lost(clients.acknowledged, data) == []


def test_a_socket_handed_over_answers_without_delay(tmp_path: Path) -> None:
    """Without TCP_NODELAY each answer would wait 40 ms for an acknowledgement."""
    with socket.create_server(("127.0.0.1", 0)) as shared:
        process = subprocess.Popen(
            [sys.executable, "-c", HANDED_OVER, str(shared.fileno())],
            cwd=ROOT,
            env=environment_of(tmp_path / "data"),
            pass_fds=[shared.fileno()],
        )
        request = b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"
        with socket.create_connection(shared.getsockname()) as line:
            times = []
            for _ in range(30):
                started = time.perf_counter()
                line.sendall(request)
                line.recv(1000)
                times.append(time.perf_counter() - started)
        process.terminate()
        assert process.wait(10) == 0
    assert sorted(times)[15] < 0.03
    assert os.environ.get("LISTEN_FDS") is None
