"""An admin who only looks: always answered, told the truth, and nothing is written."""

import os
import re
from pathlib import Path

import pytest

from sender import foreman_popcon
from tests.sender.conftest import Sender
from tests.sender.stand_ins.server import StandIn

DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2} UTC"


def spoil(sender: Sender, how: str) -> str:
    """Make the configuration unusable; return what must be said of it."""
    if how == "loose":
        sender.config.chmod(0o644)
        return f"chmod 600 {sender.config}"
    if how == "missing":
        sender.config.unlink()
        return f"{sender.config} does not exist"
    if how == "binary":
        sender.config.write_bytes(b"\xff\xfe[")
        return f"{sender.config} cannot be read"
    sender.config.write_text("[popcon]\nenabeld = no\n")
    return "enabeld is not known"


@pytest.mark.parametrize("how", ["loose", "missing", "binary", "misspelt"])
def test_a_configuration_in_trouble_stops_no_look_and_no_refusal(sender: Sender, how: str) -> None:
    """The first line says that nothing is sent, the second why; after a refusal the refusal comes first.

    What cannot be read may hold a refusal, and another user may be able to read it: then neither is claimed.
    """
    said = spoil(sender, how)
    lines = sender.run("status").stdout.splitlines()
    expected = "no, though nobody refused" if how == "loose" else "not with the configuration that this user can read"
    assert lines[0] == f"sends:        {expected}: see trouble"
    assert lines[1].startswith("trouble:      ")
    assert said in lines[1]
    assert "refuse    foreman-popcon disable" in sender.run("notice").stdout
    assert sender.run("disable").returncode == 0
    lines = sender.run("status").stdout.splitlines()
    assert lines[0].startswith("sends:        no: `foreman-popcon disable` was run at ")
    assert said in lines[1]
    assert sender.run("notice").stdout.startswith("Nothing is sent: `foreman-popcon disable` was run at ")
    assert sender.json("send")["outcome"] == "refused"
    assert sender.json("status")["sends"] is False


def test_that_the_usual_configuration_is_gone_is_said_first(sender: Sender, receiver: StandIn) -> None:
    """Not that an account lacks.  Who asks the built-in receiver then is told so before it is asked."""
    sender.json("preview")
    sender.change(CONFIG_FILE=str(sender.config), RECEIVER_URL=f"{receiver.url}/data")
    sender.config.unlink()
    gone = f"{sender.config} does not exist: restore it, or name another file with --config"
    assert sender.run("status").stdout.splitlines()[1] == f"trouble:      {gone}"
    assert f"to whom   not known: {gone}\n" in sender.run("notice").stdout
    for command in ("send", "preview"):
        assert sender.run(command).stderr == f"foreman-popcon: {gone}\n"
    assert sender.run("enable").stdout.endswith(f"First, however: {gone}\n")
    for command in ("show", "forget"):
        assert sender.run(command).stderr == f"{gone}\nasking {receiver.url}/data\n"


def test_a_damaged_state_does_not_stop_status(sender: Sender) -> None:
    sender.was_noticed()
    (sender.state / "state.json").write_text("{")
    shown = sender.run("status").stdout
    assert "state.json is damaged: remove it" in shown.splitlines()[1]
    assert "last sent:    not known\n" in shown
    sender.run("disable")
    assert sender.run("status").stdout.startswith("sends:        no: `foreman-popcon disable` was run at ")


def test_without_an_account_status_says_what_is_missing(sender: Sender, foreman: StandIn, receiver: StandIn) -> None:
    """Also once the timer has met it, and only once then."""
    sender.configure(foreman.url, f"{receiver.url}/data", username="")
    missing = f"no account to read with: set username and password under [foreman] in {sender.config}"
    for _ in range(2):
        shown = sender.run("status").stdout
        assert shown.startswith(f"sends:        no, though nobody refused: see trouble\ntrouble:      {missing}\n")
        assert shown.count("no account") == 1
        assert "next:         once the problem is fixed\n" in shown
        sender.run("send")
    assert sender.run("enable").stdout.endswith(f"First, however: {missing}\n")


def test_a_configuration_that_is_made_safe_is_used_at_once(sender: Sender) -> None:
    """A changed mode is a change, although the file's text is the same."""
    sender.config.chmod(0o644)
    os.utime(sender.config, (1, 1))
    assert sender.run("send").returncode == 1
    assert sender.json("send")["outcome"] == "waiting"
    sender.remember(trouble_at=sender.remembered()["trouble_at"] - 2)
    sender.config.chmod(0o600)
    assert sender.json("send")["outcome"] == "notice"


def test_the_first_report_is_announced_truthfully(sender: Sender) -> None:
    """Seven to fourteen days while its moment is not drawn, then the moment itself, the same one everywhere."""
    before = "the first report goes out 7 to 14 days after the first run, which only shows this notice"
    assert f"next:         {before}\n" in sender.run("status").stdout
    assert before in " ".join(sender.run("notice").stdout.split())
    announced = re.search(f"the first report goes out on {DAY}", " ".join(sender.run("send").stdout.split()))
    assert announced
    assert f"next:         {announced[0]}\n" in sender.run("status").stdout
    assert announced[0] in " ".join(sender.run("notice").stdout.split())
    sender.pass_time(14)
    assert "next:         the first report goes out with the next run of the timer\n" in sender.run("status").stdout
    sender.run("send")
    assert re.search(f"next: +the next report goes out on {DAY}\n", sender.run("status").stdout)


def test_the_notice_tells_of_the_address_and_of_privacy(sender: Sender, receiver: StandIn) -> None:
    """The receiver sees where a report comes from: whoever reads `no address` must not learn that elsewhere."""
    said = " ".join(sender.run("notice").stdout.split())
    assert "which sees the address that a report comes from, as every web server does, but does not store it" in said
    assert f"privacy {receiver.url}/PRIVACY.md " in said


def test_the_notice_tells_of_the_uuid(sender: Sender) -> None:
    """What it is, what it is for, and what becomes of it on a copy of the machine."""
    said = " ".join(sender.run("notice").stdout.split())
    assert "a random number used for nothing else; with it you can see and erase your reports" in said
    assert "a copy of this machine gets its own number" in said


@pytest.mark.parametrize("how", ["Foreman is away", "no configuration"])
def test_explain_explains_without_foreman_too(sender: Sender, receiver: StandIn, how: str) -> None:
    """Every key that a report can have, why there are no values, and the exit status of a failure."""
    sender.configure("http://127.0.0.1:9", f"{receiver.url}/data")
    if how == "no configuration":
        sender.config.unlink()
    done = sender.run("preview", "--explain")
    assert done.returncode == 1
    assert done.stdout.startswith("No values can be shown: ")
    assert done.stderr.removeprefix("foreman-popcon: ").rstrip() in done.stdout.splitlines()[0]
    for text in foreman_popcon.EXPLANATIONS.values():
        assert f"\n{text}\n" in done.stdout
    assert sender.run("preview").stdout == ""
    assert not sender.state.exists(), "without bytes to print no uuid is made"
    assert set(sender.failing_json("preview", "--explain")) == {"outcome", "reason"}


def test_looking_writes_nothing(sender: Sender, tmp_path: Path) -> None:
    for command in ("status", "notice", "show"):
        assert sender.run(command).returncode == 0
        assert not sender.state.exists(), command
    sender.run("preview")
    before = {path.name: path.stat().st_mtime_ns for path in [sender.state, *sender.state.iterdir()]}
    assert set(before) == {"state", "uuid"}
    for arguments in (["status"], ["notice"], ["show"], ["preview"], ["preview", "--html", str(tmp_path / "page")]):
        sender.run(*arguments)
    assert {path.name: path.stat().st_mtime_ns for path in [sender.state, *sender.state.iterdir()]} == before


def test_the_first_preview_draws_the_uuid_and_says_so(sender: Sender, receiver: StandIn) -> None:
    """For it prints the very bytes of the next upload; what it says of that is not among them."""
    done = sender.run("preview")
    assert done.stderr == f"Created the uuid; it is stored in {sender.state}/uuid.\n"
    assert sender.run("preview").stderr == ""
    sender.run("send")
    assert sender.json("send", "--now")["outcome"] == "sent"
    assert receiver.asked[0].body == done.stdout.encode()


def test_who_refused_gets_no_uuid_from_looking(sender: Sender) -> None:
    """There is no next upload: the report is shown with an example, which is said, for each look has another."""
    sender.run("disable")
    kept = {path.name for path in sender.state.iterdir()}
    done = sender.run("preview")
    refused, example = done.stderr.splitlines()
    assert re.fullmatch("Refused; none of this is sent: `foreman-popcon disable` was run at .*/refused\\).", refused)
    assert (done.returncode, example) == (0, "The uuid is an example and different each time.")
    assert {path.name for path in sender.state.iterdir()} == kept == {"refused", "log"}


def test_who_refused_is_told_so_wherever_the_report_is_shown(sender: Sender, tmp_path: Path) -> None:
    """The bytes are no others than before, and the notice can still be read."""
    page = tmp_path / "page.html"
    before = sender.run("preview").stdout
    sender.run("preview", "--html", str(page))
    assert "Refused" not in page.read_text()
    sender.run("disable")
    done = sender.run("preview")
    assert done.stdout == before
    assert done.stderr.startswith("Refused; none of this is sent: ")
    assert sender.run("preview", "--html", str(page)).stderr == done.stderr
    assert "</h1>\n<strong>Refused; none of this is sent: " in page.read_text()
    notice = sender.run("notice").stdout
    assert notice.startswith("Nothing is sent: ")
    assert "  what      versions, features" in notice


def test_what_is_refused_can_be_undone_and_it_says_how(sender: Sender) -> None:
    """Where `enable` would do it; while another refusal stands it would not."""
    undo = f"To undo:    {sender.typed('enable')}\n"
    assert undo not in sender.run("status").stdout
    sender.run("disable")
    assert undo in sender.run("status").stdout
    sender.environment["DO_NOT_TRACK"] = "1"
    assert undo not in sender.run("status").stdout


def test_trouble_of_the_last_run_is_dated(sender: Sender, foreman: StandIn, receiver: StandIn) -> None:
    """So that an admin who has corrected the configuration since does not take it for today's."""
    sender.configure("http://127.0.0.1:9", f"{receiver.url}/data")
    assert sender.run("send").returncode == 1
    sender.configure(foreman.url, f"{receiver.url}/data")
    trouble = sender.run("status").stdout.splitlines()[1]
    assert re.match(f"trouble:      at the last run on {DAY}: no answer from Foreman", trouble)


def test_a_look_does_not_wait_for_a_run(sender: Sender) -> None:
    """Only who has to draw the uuid keeps another run out."""
    sender.json("preview")
    with foreman_popcon.Folder(str(sender.state)).lock():
        assert sender.run("preview").returncode == 0
