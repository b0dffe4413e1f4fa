"""Whom the sender talks to, as the kernel saw it, and what it gives away."""

import os
import re
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.programs import lack, need_program
from tests.sender.commands.test_consent import refuse
from tests.sender.conftest import Sender
from tests.sender.stand_ins.foremans import CANARY, PASSWORD, USERNAME, Foreman
from tests.sender.stand_ins.receivers import Receiver
from tests.sender.stand_ins.server import Reply, StandIn


def connections(sender: Sender, tmp_path: Path, *arguments: str) -> list[str]:
    """Run the sender and return every address that it connected or sent to; local sockets by their path."""
    trace = tmp_path / "trace"
    strace = [need_program("strace"), "-f", "-qq", "-e", "trace=connect,sendto,sendmsg,sendmmsg", "-o", str(trace)]
    # With HOME, as timers have it: without, Python looks for it in the list of users before the program begins.
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), **sender.environment}
    done = subprocess.run(
        [*strace, *sender.command(*arguments)], env=environment, capture_output=True, text=True, check=False
    )
    if not trace.exists() or "ptrace" in done.stderr:
        lack("strace may not trace here")
    assert done.returncode == 0, done.stderr
    found = []
    for line in trace.read_text().splitlines():
        internet = re.search(r'sin6?_port=htons\((\d+)\).*?"([0-9a-f.:]+)"', line)
        local = re.search(r'AF_UNIX, sun_path=@?"([^"]+)"', line)
        if internet:
            found.append(f"{internet[2]}:{internet[1]}")
        elif local:
            found.append(local[1])
    return found


@pytest.mark.parametrize("how", ["disable", "config", "POPCON_ENABLED=no", "DO_NOT_TRACK=1"])
def test_who_refused_connects_to_nothing(
    sender: Sender, foreman: StandIn, receiver: StandIn, tmp_path: Path, how: str
) -> None:
    """By the timer or by hand: no connection at all, not even to the resolver or a local socket."""
    sender.was_noticed()
    refuse(sender, foreman, receiver, how)
    assert connections(sender, tmp_path, "send", "--quiet") == []
    assert connections(sender, tmp_path, "send", "--now") == []


def test_who_refused_connects_to_nothing_after_an_upgrade(sender: Sender, tmp_path: Path) -> None:
    sender.was_noticed()
    newer = sender.program
    sender.change(VERSION="0.0.9")
    sender.run("disable")
    sender.program = newer
    sender.change(VERSION="99.0.0")
    assert connections(sender, tmp_path, "send", "--now") == []


def test_neither_looking_nor_refusing_asks_for_this_machines_name(sender: Sender, tmp_path: Path) -> None:
    """Where no address of Foreman is configured, only who asks Foreman needs it."""
    account = f"[foreman]\nusername = {USERNAME}\npassword = {PASSWORD}\n"
    sender.config.write_text(account)
    for command in ("status", "notice"):
        assert connections(sender, tmp_path, command) == []
    assert "reads from:   Foreman on this machine\n" in sender.run("status").stdout
    sender.config.write_text(f"{account}[popcon]\nenabled = no\n")
    assert connections(sender, tmp_path, "send") == []


@pytest.mark.newest_too
def test_it_talks_to_foreman_and_the_receiver_and_nobody_else(
    sender: Sender, foreman: StandIn, receiver: StandIn, tmp_path: Path
) -> None:
    """But for the resolver, which may be asked for the machine's own name."""
    sender.was_noticed()
    expected = {urlsplit(server.url).netloc for server in (foreman, receiver)}
    found = {place for place in connections(sender, tmp_path, "send") if not is_resolver(place)}
    assert found == expected


def is_resolver(place: str) -> bool:
    return place.endswith(":53") or "nscd" in place or "resolve" in place or "sss" in place


def test_looking_at_it_asks_foreman_only(sender: Sender, foreman: StandIn, tmp_path: Path) -> None:
    found = {place for place in connections(sender, tmp_path, "preview") if not is_resolver(place)}
    assert found == {urlsplit(foreman.url).netloc}
    for command in ("status", "disable", "enable", "notice"):
        assert connections(sender, tmp_path, command) == []


def test_nothing_that_an_admin_chose_gets_out(
    sender: Sender, model: Foreman, receiver: StandIn, uploads: Receiver, tmp_path: Path
) -> None:
    """A canary sits in every name, address, account, token, path and error of Foreman; it is in no byte of anything."""
    said = b""
    page = tmp_path / "page.html"
    uploads.replies.append(Reply(503, {}))
    runs: list[list[str]] = [["send"], ["send", "--now"], ["send", "--now"], ["preview", "--explain"], ["status"]]
    runs += [["preview", "--html", str(page)], ["show"], ["forget"], ["enable"]]
    for arguments in runs:
        done = sender.run(*arguments)
        said += (done.stdout + done.stderr).encode()
    for path in ("status", "smart_proxies", "plugins", "compute_resources", "hosts", "smart_proxies/1/version"):
        for reply in (Reply(500, {"error": {"message": CANARY}}), Reply(200, CANARY)):
            model.overrides = {f"/api/{path}": reply}
            done = sender.run("send", "--now")
            said += (done.stdout + done.stderr).encode()
    sent = b"".join(asked.body + str(asked).encode() for asked in receiver.asked)
    assert b"core_version" in sent
    for gone_out in (said, sent, sender.everything_kept(), page.read_bytes()):
        assert CANARY.encode() not in gone_out.lower()
