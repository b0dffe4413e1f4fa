"""How the receiver is met: politely, and whatever it answers."""

import fcntl
import os
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.programs import need_program
from tests.sender.conftest import DAY, Sender
from tests.sender.stand_ins.foremans import Foreman
from tests.sender.stand_ins.receivers import Receiver
from tests.sender.stand_ins.server import Reply, StandIn, serving

HOUR = DAY / 24


@pytest.mark.newest_too
def test_preview_prints_the_very_bytes_of_the_next_upload(sender: Sender, receiver: StandIn) -> None:
    sender.was_noticed()
    previewed = sender.run("preview").stdout
    assert sender.json("send")["outcome"] == "sent"
    [asked] = receiver.asked
    assert asked.body == previewed.encode() == (sender.state / "last-report.json").read_bytes()
    assert (asked.method, asked.path, asked.query) == ("POST", "/data", {})
    assert asked.headers["content-type"] == "application/json"
    assert "authorization" not in asked.headers


@pytest.mark.parametrize("status", [408, 425, 429, 500, 503, 507])
def test_trouble_that_passes_is_met_with_patience(sender: Sender, uploads: Receiver, status: int) -> None:
    """No failure for the timer: it comes again after a pause, or when it is asked to."""
    sender.was_noticed()
    uploads.replies += [Reply(status, {}), Reply(status, {}, {"Retry-After": str(int(5 * HOUR))})]
    said = sender.json("send")
    assert (said["outcome"], said["reason"]) == ("not sent", f"the receiver answered {status}")
    assert 0.8 * HOUR <= said["next_at"] - time.time() + 2 <= 1.2 * HOUR + 2
    assert sender.json("send")["outcome"] == "waiting"
    sender.pass_time(1.3 / 24)
    said = sender.json("send")
    assert 5 * HOUR - 2 <= said["next_at"] - time.time() <= 5 * HOUR
    sender.pass_time(5.1 / 24)
    assert sender.json("send")["outcome"] == "sent"
    assert sender.json("status")["trouble"] == ""


@pytest.mark.parametrize("status", [302, 308, 400, 404, 413, 422])
def test_a_refusal_is_told_and_not_repeated_that_week(sender: Sender, uploads: Receiver, status: int) -> None:
    """The report and the answer are kept for the admin to look at."""
    sender.was_noticed()
    problem = {"title": "Bad.", "detail": "Line 3 is\x1b[31m odd.\n" + "x" * 5000}
    uploads.replies += [Reply(status, problem, {"Location": "http://example.com/"})] * 2
    done = sender.run("send", "--quiet")
    assert done.returncode == 1
    assert done.stderr.startswith(f"Not sent: the receiver refused the report: {status} Line 3 is?[31m odd.?xxx")
    assert (done.stderr.count("\n"), len(done.stderr) < 400) == (1, True)
    assert sender.run("send", "--quiet").returncode == 0
    assert f"{status} Line 3 is" in sender.run("status").stdout
    assert (sender.state / "last-report.json").stat().st_size > 100
    assert len(uploads.replies) == 1
    sender.pass_time(14)
    assert sender.run("send", "--quiet").returncode == 1


def test_an_installation_that_was_erased_elsewhere_stays_silent(sender: Sender, uploads: Receiver) -> None:
    """410 is the memory of a `forget`, which a copy of this machine may have asked for."""
    sender.was_noticed()
    uploads.replies.append(Reply(410, {}))
    assert sender.run("send").returncode == 1
    assert sender.json("send", "--now")["outcome"] == "refused"
    before = (sender.state / "uuid").read_text()
    assert sender.run("enable").returncode == 0
    assert (sender.state / "uuid").read_text() != before


def test_a_site_without_a_way_out_notices_nothing(sender: Sender, foreman: StandIn) -> None:
    """Exit status 0, not a word from the timer; `status` tells."""
    sender.was_noticed()
    sender.configure(foreman.url, "http://127.0.0.1:9/data")
    done = sender.run("send", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert "the receiver could not be reached: Connection refused" in sender.run("status").stdout


@pytest.mark.parametrize(
    "reply", [Reply(201, {}, is_endless=True), Reply(201, {}, after_seconds=9), Reply(200, b"x" * 10_000_000)]
)
def test_no_answer_holds_it_up(sender: Sender, uploads: Receiver, reply: Reply) -> None:
    """Slow ones are given up, and of a huge one no more is read than its beginning."""
    sender.was_noticed()
    sender.change(SEND_SECONDS_MAX=0.5)
    uploads.replies.append(reply)
    started = time.monotonic()
    assert sender.json("send")["outcome"] == ("sent" if reply.status == 200 else "not sent")
    assert time.monotonic() - started < 4


def test_a_run_ends_whatever_happens(sender: Sender, model: Foreman) -> None:
    """The last resort: even if every other bound were lost."""
    sender.change(RUN_SECONDS_MAX=0.3, CALL_SECONDS_MAX=60)
    model.overrides["/api/status"] = Reply(200, {}, after_seconds=9)
    done = sender.run("preview")
    assert (done.returncode, done.stderr) == (1, "foreman-popcon: gave up after 0.3 seconds\n")


def test_a_run_that_was_killed_counts_as_a_failure(sender: Sender, uploads: Receiver) -> None:
    """What it was about to do is on record before it does it, so that no hourly crash becomes an hourly upload."""
    sender.was_noticed()
    sender.change(RUN_SECONDS_MAX=0.7, SEND_SECONDS_MAX=60)
    uploads.replies.append(Reply(201, {}, after_seconds=9))
    assert sender.run("send").returncode == 1
    assert sender.remembered()["trouble"] == "the last run did not finish"
    assert sender.json("send")["outcome"] == "waiting"


@pytest.mark.parametrize(
    "url",
    [
        "http://popcon.example.com/data",
        "http://192.0.2.1/data",
        "ftp://popcon.example.com/data",
        "https://user:word@popcon.example.com/data",
        "https://popcon.example.com/data?x=1",
        "popcon.example.com",
        "https://exa mple.com/",
    ],
)
def test_plain_http_is_for_loopback_only(sender: Sender, foreman: StandIn, url: str) -> None:
    sender.was_noticed()
    sender.configure(foreman.url, url)
    done = sender.run("send", "--now")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith("foreman-popcon: [popcon] url = ")
    assert foreman.asked == []


def test_a_second_run_leaves_the_first_alone(sender: Sender, receiver: StandIn) -> None:
    """The timer's one says nothing; one by hand is told to wait."""
    sender.was_noticed()
    held = os.open(sender.state, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    done = sender.run("send", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert sender.run("send", "--now").stderr.startswith("foreman-popcon: another run of foreman-popcon is in progress")
    assert sender.run("disable").returncode == 0, "a refusal waits for nobody"
    os.close(held)
    assert receiver.asked == []


def test_a_configured_proxy_is_used(sender: Sender, foreman: StandIn) -> None:
    """From the configuration or the environment; only for other machines than this one."""
    sender.was_noticed()
    with serving(lambda _: Reply(403, {})) as proxy:
        sender.configure(foreman.url, "https://popcon.invalid/data", f"proxy = {proxy.url}")
        assert "Tunnel connection failed: 403" in sender.run("send").stdout
        sender.configure(foreman.url, "https://popcon.invalid/data")
        sender.environment["https_proxy"] = proxy.url
        assert "Tunnel connection failed: 403" in sender.run("send", "--now").stdout
        assert [(asked.method, asked.path) for asked in proxy.asked] == [("CONNECT", "popcon.invalid:443")] * 2
    assert foreman.asked


@pytest.mark.parametrize("mode", [0o640, 0o644, 0o604])
def test_a_password_that_others_can_read_is_not_used(sender: Sender, foreman: StandIn, mode: int) -> None:
    sender.config.chmod(mode)
    done = sender.run("preview")
    assert (done.returncode, done.stderr.endswith(f"chmod 600 {sender.config}\n")) == (1, True)
    assert foreman.asked == []


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """Make a certificate that vouches for itself, for this name; return it and its key."""
    made, key = folder / "certificate.pem", folder / "key.pem"
    openssl = [need_program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    openssl += ["-subj", "/CN=test", "-addext", f"subjectAltName={name}", "-out", str(made), "-keyout", str(key)]
    subprocess.run(openssl, check=True, capture_output=True)
    return made, key


@contextmanager
def with_tls(server: StandIn, certificate_and_key: tuple[Path, Path]) -> Iterator[str]:
    """Serve what `server` answers over TLS; yield the address."""
    with serving(server.answer) as secured:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*map(str, certificate_and_key))
        secured.wrap(context)
        yield secured.url.replace("http:", "https:")


@pytest.mark.newest_too
def test_certificates_are_checked(
    sender: Sender, foreman: StandIn, receiver: StandIn, uploads: Receiver, tmp_path: Path
) -> None:
    """A Foreman's own authority is trusted where it is named, for its own name, and never for the receiver."""
    made = certificate(tmp_path, "IP:127.0.0.1")
    with with_tls(foreman, made) as foreman_url, with_tls(receiver, made) as receiver_url:
        sender.configure(foreman_url, f"{receiver_url}/data")
        assert "its certificate was not accepted" in sender.run("preview").stderr
        text = sender.config.read_text().replace("[popcon]", f"ca_file = {made[0]}\n[popcon]")
        sender.config.write_text(text)
        assert sender.run("preview").returncode == 0
        by_another_name = sender.run("preview", "--foreman-url", foreman_url.replace("127.0.0.1", "localhost"))
        assert "its certificate was not accepted" in by_another_name.stderr
        sender.was_noticed()
        said = sender.json("send")
        assert "its certificate was not accepted" in said["reason"]
    assert uploads.uploads == {}
