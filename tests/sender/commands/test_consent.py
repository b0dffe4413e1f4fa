"""Nothing is sent before the notice was shown, and nothing once anybody refused, wherever the refusal stands."""

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.sender.conftest import Sender
from tests.sender.stand_ins.foremans import Foreman
from tests.sender.stand_ins.receivers import Receiver
from tests.sender.stand_ins.server import Asked, Reply, StandIn


@pytest.mark.parametrize("arguments", [[], ["--now"], ["--quiet"]])
def test_the_first_run_shows_the_notice_and_the_report(sender: Sender, receiver: StandIn, arguments: list[str]) -> None:
    """On the output and in the log; it sends nothing, however it is run."""
    done = sender.run("send", *arguments)
    assert done.returncode == 0
    assert f"to whom   {receiver.url}/data" in done.stdout
    assert "refuse    foreman-popcon disable" in done.stdout
    assert sender.run("preview").stdout in done.stdout
    log = (sender.state / "log").read_text()
    assert [line[len("2026-01-05 00:00 UTC ") :] for line in log.splitlines()] == done.stdout.splitlines()
    assert receiver.asked == []


def test_a_report_follows_a_week_after_the_notice(sender: Sender, uploads: Receiver) -> None:
    """In the second week at its own moment; `--now` waits for neither."""
    assert sender.json("send")["outcome"] == "notice"
    first_at, noticed_at = sender.json("status")["next_at"], sender.remembered()["notice_at"]
    assert 7 * 86400 <= first_at - noticed_at < 14 * 86400
    sender.pass_time(6.9)
    assert sender.json("send")["outcome"] == "waiting"
    assert uploads.uploads == {}
    sender.pass_time(7.1)
    assert sender.json("send")["outcome"] == "sent"
    assert sender.json("send")["outcome"] == "waiting"
    assert sender.json("send", "--now")["outcome"] == "sent"


REFUSALS = ["disable", "config", "POPCON_ENABLED=no", "POPCON_ENABLED=0", "DO_NOT_TRACK=1", "DO_NOT_TRACK=true"]


def refuse(sender: Sender, foreman: StandIn, receiver: StandIn, how: str) -> None:
    if how == "disable":
        assert sender.run("disable").returncode == 0
    elif how == "config":
        sender.configure(foreman.url, f"{receiver.url}/data", "enabled = no")
    else:
        name, _, value = how.partition("=")
        sender.environment[name] = value


@pytest.mark.parametrize("how", REFUSALS)
def test_any_refusal_stops_everything(sender: Sender, foreman: StandIn, receiver: StandIn, how: str) -> None:
    """Neither Foreman nor the receiver is asked anything, by the timer or by hand."""
    sender.was_noticed()
    refuse(sender, foreman, receiver, how)
    for arguments in (["--quiet"], ["--now"]):
        done = sender.run("send", *arguments)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("Nothing is sent: ") == (arguments == ["--now"])
    assert (foreman.asked, receiver.asked) == ([], [])
    assert sender.json("status")["enabled"] is False


@pytest.mark.parametrize("how", REFUSALS[1:5])
def test_enabling_takes_back_no_other_refusal(sender: Sender, foreman: StandIn, receiver: StandIn, how: str) -> None:
    """And takes back none at all while another stands, for it could not keep what it says."""
    sender.run("disable")
    refuse(sender, foreman, receiver, how)
    done = sender.run("enable")
    assert done.returncode == 1
    assert done.stderr.startswith("foreman-popcon: nothing is sent, because of another refusal: the ")
    assert (sender.state / "refused").exists()


def test_enabling_takes_back_disabling(sender: Sender, uploads: Receiver) -> None:
    sender.was_noticed()
    sender.run("disable")
    assert sender.run("enable").returncode == 0
    assert sender.json("send")["outcome"] == "sent"
    assert len(uploads.uploads) == 1


def test_a_package_may_leave_it_off(sender: Sender, foreman: StandIn, receiver: StandIn) -> None:
    """One constant: then a line in the configuration, or `enable`, is needed first."""
    sender.change(ENABLED_BY_DEFAULT=False)
    sender.was_noticed()
    assert sender.json("send")["outcome"] == "refused"
    sender.configure(foreman.url, f"{receiver.url}/data", "enabled = yes")
    assert sender.json("status")["enabled"] is True
    sender.configure(foreman.url, f"{receiver.url}/data")
    assert sender.run("enable").returncode == 0
    assert sender.json("send")["outcome"] == "sent"


@pytest.mark.parametrize("line", ["enabeld = no", "enabled = maybe", "host_band = no", "[popcorn]"])
def test_a_misspelt_refusal_is_not_taken_for_consent(
    sender: Sender, foreman: StandIn, receiver: StandIn, line: str
) -> None:
    sender.was_noticed()
    sender.configure(foreman.url, f"{receiver.url}/data", line)
    done = sender.run("send", "--now")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert (foreman.asked, receiver.asked) == ([], [])


def test_disabling_needs_neither_configuration_nor_state(sender: Sender, foreman: StandIn) -> None:
    """Nothing is in the way of a refusal, and it outlives a damaged state."""
    sender.was_noticed()
    sender.config.write_text("not a configuration")
    (sender.state / "state.json").write_text("{")
    assert sender.run("disable").returncode == 0
    assert sender.json("send", "--now")["outcome"] == "refused"
    assert foreman.asked == []


def test_a_damaged_state_sends_nothing(sender: Sender, receiver: StandIn) -> None:
    sender.was_noticed()
    for damaged in ("{", "[]", json.dumps({"notice_at": "long ago"})):
        (sender.state / "state.json").write_text(damaged)
        done = sender.run("send", "--now")
        assert (done.returncode, done.stderr.count("\n")) == (1, 1)
        assert "state.json is damaged: remove it" in done.stderr
    assert receiver.asked == []


def test_a_refusal_made_while_foreman_is_asked_still_counts(sender: Sender, model: Foreman, receiver: StandIn) -> None:
    sender.was_noticed()

    def refuse_now(_: Asked) -> Reply:
        (sender.state / "refused").touch()
        return Reply(200, [])

    model.overrides["/api/compute_resources"] = refuse_now
    assert sender.json("send")["outcome"] == "refused"
    assert receiver.asked == []


@pytest.mark.parametrize("how", ["empty", "binary", "a link to nowhere", "a folder"])
def test_a_refusal_counts_however_it_came_there(sender: Sender, foreman: StandIn, how: str) -> None:
    """A file of that name refuses, whatever it holds, and nothing of it reaches the terminal as it is."""
    sender.was_noticed()
    refused = sender.state / "refused"
    if how == "a link to nowhere":
        refused.symlink_to("nowhere")
    elif how == "a folder":
        refused.mkdir()
    else:
        refused.write_bytes(b"" if how == "empty" else b"\x1b[2J\xff")
    said = f"somebody refused ({refused})"
    assert sender.run("send").stdout == f"Nothing is sent: {said}.\n"
    assert sender.run("status").stdout.startswith(f"sends:        no: {said}\n")
    assert sender.run("disable").stdout == f"Nothing is sent, as before: {said}.\n"
    assert foreman.asked == []


def test_another_state_folder_does_not_get_round_a_refusal(
    sender: Sender, foreman: StandIn, receiver: StandIn, tmp_path: Path
) -> None:
    """Nor does a mistyped one: the refusal in the usual folder counts everywhere, and `enable` elsewhere keeps it."""
    usual = tmp_path / "usual"
    sender.change(STATE_FOLDER=str(usual))
    sender.run("disable", "--state", str(usual))
    said = f"`foreman-popcon disable` was run at .* UTC \\({usual}/refused\\)"
    assert re.fullmatch(f"Nothing is sent: {said}.\n", sender.run("send", "--now").stdout)
    assert re.match(f"sends:        no: {said}\n", sender.run("status").stdout)
    assert re.match(
        f"foreman-popcon: nothing is sent, because of another refusal: {said}\n", sender.run("enable").stderr
    )
    assert (usual / "refused").exists()
    assert not sender.state.exists()
    assert (foreman.asked, receiver.asked) == ([], [])


def test_a_refusal_outlives_an_upgrade(sender: Sender, foreman: StandIn, receiver: StandIn) -> None:
    """A new file takes the program's place; the state stays."""
    sender.was_noticed()
    newer = sender.program
    sender.change(VERSION="0.0.9")
    sender.run("disable")
    shutil.copy(newer, sender.program)
    assert sender.json("send", "--now")["outcome"] == "refused"
    assert (foreman.asked, receiver.asked) == ([], [])
