"""What the commands say to an admin, and to programs."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from sender import foreman_popcon
from tests.programs import lack
from tests.sender.conftest import PROGRAM, Sender, pythons
from tests.sender.stand_ins.foremans import Foreman
from tests.sender.stand_ins.receivers import Receiver
from tests.sender.stand_ins.server import Reply, StandIn


@pytest.mark.newest_too
def test_a_full_cycle(sender: Sender, receiver: StandIn, uploads: Receiver) -> None:
    """Send, show, forget, show again: nothing is left.  A new uuid comes only with `enable`."""
    sender.was_noticed()
    assert sender.json("send")["outcome"] == "sent"
    [(first, [body])] = uploads.uploads.items()
    assert sender.json("show")["record"] == {"uploads": [{"seq": 1, "body": json.loads(body)}]}
    done = sender.run("forget")
    assert done.returncode == 0
    assert done.stdout.startswith(
        "The receiver erases what it has stored about this installation, and nothing more is sent.\n"
    )
    assert "backups: gone after 30 days" in done.stdout
    assert sender.run("show").stdout == "The receiver has nothing stored about this installation.\n"
    assert sender.json("send", "--now")["outcome"] == "refused"
    assert (sender.state / "uuid").read_text().split()[0] == first
    assert sender.run("enable").returncode == 0
    assert sender.json("send", "--now")["outcome"] == "sent"
    [second] = uploads.uploads
    assert second != first
    assert not [asked for asked in receiver.asked if first in asked.path + str(asked.query)]


def test_forgetting_refuses_even_where_the_receiver_is_away(sender: Sender, foreman: StandIn) -> None:
    """It says that this is not repeated, and what to do; status and the log remember it."""
    sender.was_noticed()
    sender.json("preview")
    for url, why in (
        ("http://127.0.0.1:9/data", "the receiver could not be reached: Connection refused"),
        (f"{foreman.url}/elsewhere", "the receiver answered 401"),
        ("nowhere", "[popcon] url = nowhere: give an address such as https://host.example.com/path"),
    ):
        sender.configure(foreman.url, url)
        done = sender.run("forget")
        assert done.returncode == 1
        again = f"this is not retried automatically, so run again: {sender.typed('forget')}"
        said = f"the receiver may still have everything stored: {why}; {again}"
        assert done.stderr.endswith(f"foreman-popcon: nothing more is sent, but {said}\n"), done.stderr
        assert said in (sender.state / "log").read_text()
        assert said in sender.json("status")["last_trouble"]
    assert sender.json("send", "--now")["outcome"] == "refused"


def test_forgetting_says_that_it_is_not_done_whatever_is_in_its_way(sender: Sender, receiver: StandIn) -> None:
    """Another run, or a damaged state."""
    sender.json("preview")
    with foreman_popcon.Folder(str(sender.state)).lock():
        busy = sender.run("forget").stderr
    (sender.state / "state.json").write_text("{")
    for said in (busy, sender.run("forget").stderr):
        assert said.startswith(
            "foreman-popcon: nothing more is sent, but the receiver may still have everything stored: "
        )
    assert receiver.asked == []


def test_forgetting_what_the_receiver_does_not_have(sender: Sender, receiver: StandIn) -> None:
    sender.json("preview")
    done = sender.run("forget")
    said = "The receiver has nothing stored about this installation, and nothing more is sent.\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, said, f"asking {receiver.url}/data\n")


def test_nothing_is_shown_or_forgotten_where_nothing_was_sent(sender: Sender, receiver: StandIn) -> None:
    assert sender.run("show").stdout == "Nothing was ever sent from here.\n"
    assert sender.run("forget").stdout == "Nothing was ever sent from here, and nothing will be sent.\n"
    assert receiver.asked == []


def test_what_the_receiver_says_cannot_move_the_terminal(sender: Sender, receiver: StandIn) -> None:
    sender.json("preview")
    receiver.answer = lambda _: Reply(200, {"note": "\x1b[2J\u202e"})
    for command in ("show", "forget"):
        assert "\x1b" not in sender.run(command).stdout


@pytest.mark.newest_too
def test_status_says_whether_to_whom_and_when(sender: Sender, receiver: StandIn) -> None:
    """And asks nobody to know it."""
    shown = sender.run("status").stdout
    assert "sends:        yes, once a week\n" in shown
    assert f"to:           {receiver.url}/data\n" in shown
    assert "notice shown: not yet" in shown
    sender.was_noticed()
    sender.run("send")
    facts = sender.json("status")
    assert facts["answer"] == "201"
    assert facts["next_at"] > facts["sent_at"] > 0
    shown = sender.run("status").stdout
    assert "last answer:  201\n" in shown
    assert (sender.state / "uuid").read_text().split()[0] not in shown
    sender.run("disable")
    shown = sender.run("status").stdout
    assert re.search(
        f"sends:        no: `foreman-popcon disable` was run at .* UTC \\({sender.state}/refused\\)\n", shown
    )
    assert "next:         never\n" in shown
    assert len(receiver.asked) == 1


def test_explain_has_a_reason_for_every_key(sender: Sender) -> None:
    report = json.loads(sender.run("preview").stdout)
    explained = sender.run("preview", "--explain").stdout
    for key in report:
        assert f"\n{key}: " in explained
    assert explained.count("    why: ") == len(report)
    assert set(sender.json("preview", "--explain")["explained"]) == set(report)


def test_the_page_shows_the_same_and_loads_nothing(sender: Sender, model: Foreman, tmp_path: Path) -> None:
    """One file for people: every key with its reason, the exact bytes, how to refuse."""
    model.overrides["/api/plugins"] = Reply(403, {"error": {"missing_permissions": ["view_plugins"]}})
    page = tmp_path / "page.html"
    assert sender.run("preview", "--html", str(page)).stdout == f"Wrote {page}.\n"
    text = page.read_text()
    report = sender.run("preview").stdout
    assert report.replace('"', "&quot;") in text
    for key in json.loads(report):
        assert f"<h3>{key}</h3>" in text
    assert "left out: the account lacks the permission view_plugins" in text
    assert f"foreman-popcon disable --config {sender.config} --state {sender.state}" in text
    assert "<pre>&quot;proxies&quot;: [\n  {&quot;version&quot;" in text
    assert not re.search(r"<script|<img|<link|src=|href=|@import|url\(", text)
    assert page.stat().st_mode & 0o077 == 0, "it holds the uuid"


def test_options_stand_before_the_command_or_after_it(sender: Sender, tmp_path: Path) -> None:
    """What stands after it wins, and what is absent there undoes nothing."""
    other = tmp_path / "other"
    for arguments in (["--json", "status"], ["status", "--json"]):
        assert json.loads(sender.run(*arguments).stdout)["sends"] is True
    before = sender.run("--receiver-url=https://popcon.example.com/data", "status", "--state", str(other)).stdout
    assert "to:           https://popcon.example.com/data\n" in before
    assert f"kept in:      {other}\n" in before
    assert f"settings in:  {sender.config}\n" in before


def test_what_is_said_names_the_files_in_use(sender: Sender, foreman: StandIn) -> None:
    """A command that is proposed acts on these files, not on the usual ones."""
    places = f"--config {sender.config} --state {sender.state}"
    assert f"refuse    foreman-popcon disable {places}\n" in sender.run("notice").stdout
    assert f"To refuse:  foreman-popcon disable {places}\n" in sender.run("status").stdout
    assert f"kept in:      {sender.state}\n" in sender.run("status").stdout
    for said in ("Nothing is sent from now on: ", "Nothing is sent, as before: "):
        text = sender.run("disable").stdout
        assert re.fullmatch(f"{said}`foreman-popcon disable` was run at .* UTC \\({sender.state}/refused\\).\n", text)
    assert "notice shown" not in sender.run("status").stdout, "none is needed any more"
    assert str(sender.state) in sender.run("enable").stdout
    assert foreman.asked == []


def test_forgetting_is_proposed_where_something_may_be_there(sender: Sender) -> None:
    assert "foreman-popcon forget" not in sender.run("disable").stdout
    sender.run("enable")
    sender.was_noticed()
    sender.run("send")
    for command in ("disable", "status"):
        assert "foreman-popcon forget" in sender.run(command).stdout
    sender.run("forget")
    for command in ("disable", "status"):
        assert "foreman-popcon forget" not in sender.run(command).stdout


def test_wrong_usage_is_2(sender: Sender) -> None:
    for arguments in (["send", "--never"], ["explode"]):
        assert sender.run(*arguments).returncode == 2


@pytest.mark.newest_too
@pytest.mark.parametrize(
    ("word", "meant"),
    [("off", "disable"), ("stop", "disable"), ("help", "--help"), ("--disable", "disable")],
)
def test_a_word_that_is_no_command_gets_a_hint(sender: Sender, word: str, meant: str) -> None:
    """Whoever wants to refuse does not give up at the first guess."""
    done = sender.run(word)
    assert done.returncode == 2
    assert done.stderr.endswith(f": did you mean `foreman-popcon {meant}`?\n")
    assert not sender.state.exists()


def test_no_option_is_guessed_from_its_beginning(sender: Sender) -> None:
    """`--no` might as well have been meant for something else than `--now`."""
    assert sender.run("send", "--no").returncode == 2
    assert sender.run("--js", "status").returncode == 2


def test_the_page_goes_to_standard_output_where_asked(sender: Sender, tmp_path: Path) -> None:
    sender.json("preview")
    page = tmp_path / "page.html"
    sender.run("preview", "--html", str(page))
    assert sender.run("preview", "--html", "-").stdout == page.read_text()
    assert sender.json("preview", "--html", "-")["html"] == page.read_text()


def test_without_a_command_it_says_what_there_is(python: str) -> None:
    """Whoever finds it and types its name learns how to refuse."""
    done = subprocess.run([pythons()[python], str(PROGRAM)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.search(r"disable +refuse: nothing is sent from then on", done.stderr)


def test_the_notice_alone_connects_to_nothing(sender: Sender, foreman: StandIn, receiver: StandIn) -> None:
    """For the scripts of packages; it holds how to refuse, and where reports go."""
    shown = sender.run("notice").stdout
    assert "refuse    foreman-popcon disable" in shown
    assert receiver.url in shown
    assert (foreman.asked, receiver.asked) == ([], [])
    assert not sender.state.exists()
    sender.run("disable")
    assert sender.run("notice").stdout.startswith("Nothing is sent: `foreman-popcon disable` was run at ")


def test_a_state_that_cannot_be_written_is_told(sender: Sender) -> None:
    sender.state.write_text("a file where the folder should be")
    for command in ("send", "preview", "disable", "enable", "forget"):
        done = sender.run(command)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
        assert "Traceback" not in done.stderr


def test_a_user_without_rights_is_told_to_try_as_root(sender: Sender) -> None:
    """Files that root makes by hand in a folder of the timer's user are that user's."""
    if os.geteuid() != 0:
        lack("running as another user needs root")
    sender.state.mkdir()
    os.chown(sender.state, 65534, 65534)
    sender.json("preview")
    assert {path.stat().st_uid for path in sender.state.iterdir()} == {65534}
    sender.user = 65533
    for command in ("send", "status", "notice", "preview", "show", "disable", "enable", "forget"):
        done = sender.run(command)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
        assert done.stderr.endswith("try as root\n"), done.stderr


def test_its_first_lines_say_how_to_refuse() -> None:
    """Whoever opens the file finds it before anything else."""
    head = PROGRAM.read_text(encoding="utf-8").splitlines()[:6]
    assert "foreman-popcon disable" in "\n".join(head)
    assert set(foreman_popcon.COMMANDS) >= {"preview", "send", "status", "enable", "disable", "forget", "show"}
