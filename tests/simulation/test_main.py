"""The command: files, labels, posting to a real socket, the bar, and what it says to wrong arguments."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import orjson
import pytest

from simulation.__main__ import main
from simulation.community import Community
from simulation.posting import NO_ANSWER, Poster, PostError, Target

SMALL = ["--installations", "20", "--weeks", "2", "--seed", "1"]


class Receiver(ThreadingHTTPServer):
    """Keeps what is posted, and answers with `status`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.status = 201
        self.bodies: list[bytes] = []
        self.connections: set[tuple[str, int]] = set()


class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(self.server.status)
        self.server.bodies.append(body)
        self.server.connections.add(self.client_address)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def serve(receiver: Receiver) -> None:
    threading.Thread(target=receiver.serve_forever, args=(0.01,), daemon=True).start()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        serve(server)
        yield server
        server.shutdown()


def url(receiver: Receiver) -> str:
    return f"http://127.0.0.1:{receiver.server_address[1]}/data"


def test_output_goes_to_a_file(tmp_path: Path) -> None:
    """The file holds the community's lines."""
    assert main([*SMALL, "--output", str(tmp_path / "uploads.ndjson")]) == 0
    assert (tmp_path / "uploads.ndjson").read_bytes() == b"".join(Community(20, 2, 1).lines())


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    """`| head -1` ends the command quietly."""
    command = f"{sys.executable} -m simulation --weeks 20 | head -1"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=True, text=True)
    assert done.stdout.count("\n") == 1
    assert done.stderr == ""


def test_labels_name_the_line_of_each_hostile_upload(tmp_path: Path) -> None:
    """Each label's line holds that uuid at that instant, and no other line is hostile."""
    names = ["company", "broken-sender"]
    files = ["--output", str(tmp_path / "uploads.ndjson"), "--labels", str(tmp_path / "labels.ndjson")]
    assert main([*SMALL, "--scenario", *names, *files]) == 0
    lines = [orjson.loads(line) for line in (tmp_path / "uploads.ndjson").read_bytes().splitlines()]
    labels = [orjson.loads(line) for line in (tmp_path / "labels.ndjson").read_bytes().splitlines()]
    assert {label["scenario"] for label in labels} == set(names)
    assert len(labels) == 3428 + 24
    for label in labels:
        line = lines[label["line"] - 1]
        assert (line["body"]["uuid"], line["received_at"]) == (label["uuid"], label["received_at"])
    honest = {line["body"]["uuid"] for line in map(orjson.loads, Community(20, 2, 1).lines())}
    assert {line["body"]["uuid"] for line in lines} - honest == {label["uuid"] for label in labels}


def test_posting_sends_every_body_over_kept_connections(receiver: Receiver, capsys: pytest.CaptureFixture[str]) -> None:
    """All bodies arrive once, over a few connections, and the count of answers is said."""
    assert main([*SMALL, "--post", url(receiver)]) == 0
    assert sorted(receiver.bodies) == sorted(upload.body() for upload in Community(20, 2, 1).uploads())
    assert len(receiver.connections) <= 8
    assert f"201: {len(receiver.bodies)}" in capsys.readouterr().err


def test_refusals_are_counted_and_make_the_status_1(receiver: Receiver, capsys: pytest.CaptureFixture[str]) -> None:
    """What the receiver does not accept is counted by status, and the command fails."""
    receiver.status = 429
    assert main([*SMALL, "--post", url(receiver)]) == 1
    assert f"429: {len(receiver.bodies)}" in capsys.readouterr().err


def test_posting_keeps_the_pace(receiver: Receiver) -> None:
    """At 10 a second the 21st report waits until 2 seconds have passed, by the clock that is handed in."""
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    poster = Poster(Target.from_url(url(receiver)), lambda: now[0], sleep, per_second=10)
    for number in range(21):
        poster.post(b"%d" % number)
    assert poster.finish() == {201: 21}
    assert now[0] == pytest.approx(2.0)


def test_a_receiver_that_goes_away_is_counted_as_no_answer() -> None:
    """Once nobody answers any more the rest is counted, and nothing hangs."""
    with Receiver() as receiver:
        serve(receiver)
        poster = Poster(Target.from_url(url(receiver)), lambda: 0.0, print)
        receiver.shutdown()
    poster.post(b"{}")
    assert poster.finish() == {NO_ANSWER: 1}


def test_nobody_listening_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Where nobody listens the command says so in one line and fails."""
    assert main([*SMALL, "--post", "http://127.0.0.1:1/data"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [
        ["--weeks", "many"],
        ["--weeks", "0"],
        ["--until", "2026-11-17"],
        ["--until", "soon"],
        ["--scenario", "flood"],
        ["--post", "receiver"],
        ["--post", "http://127.0.0.1:port/data"],
        ["--per-second", "5"],
        ["--post", "http://127.0.0.1:1/data", "--per-second", "0"],
        ["--post", "http://127.0.0.1:1/data", "--output", "file"],
        ["--colour"],
    ],
)
def test_wrong_arguments_are_one_line_and_status_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """What cannot be used is named in one line, and the status is 2."""
    try:
        status = main(words)
    except SystemExit as end:
        status = int(end.code or 0)
    error = capsys.readouterr().err
    assert (status, error.count("\n")) == (2, 1)
    assert error.startswith("simulation: ")


def test_a_file_that_cannot_be_written_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder that is not there is named, and the status is 1."""
    assert main([*SMALL, "--output", str(tmp_path / "none" / "uploads")]) == 1
    assert "No such file or directory" in capsys.readouterr().err


def test_only_addresses_over_http_can_be_posted_to() -> None:
    """Another scheme is refused with an address that would do."""
    with pytest.raises(PostError, match="such as http://127"):
        Target.from_url("ftp://127.0.0.1/data")
    assert Target.from_url("https://popcon.example/data?dry_run=1").path == "/data?dry_run=1"
