"""The uuid: random, private, and never shared by two machines."""

import os
import re
import stat
import uuid

import pytest

from tests.sender.conftest import Sender
from tests.sender.stand_ins.server import StandIn


@pytest.mark.newest_too
def test_it_is_a_random_one_of_its_own(sender: Sender, foreman: StandIn) -> None:
    """Not Foreman's instance_id, which is in every mail that Foreman sends; and it stays the same."""
    first = sender.json("preview")["uuid"]
    assert uuid.UUID(first).version == 4
    assert sender.json("preview")["uuid"] == first
    assert not [path for path in foreman.paths() if "settings" in path]


def test_nobody_else_can_read_it(sender: Sender) -> None:
    os.umask(0o022)
    sender.run("send")
    assert stat.S_IMODE(sender.state.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in sender.state.iterdir()} == {0o600}
    assert {path.name for path in sender.state.iterdir()} == {"uuid", "state.json", "log"}


def be_cloned(sender: Sender) -> None:
    """Make the state look as it does on a copy of its machine."""
    file = sender.state / "uuid"
    known, digest = file.read_text().split()
    file.write_text(f"{known}\n{digest[::-1]}\n")


def test_a_copy_of_a_machine_draws_its_own_and_shows_the_notice(sender: Sender, receiver: StandIn) -> None:
    """Whoever got the copy has seen nothing yet."""
    sender.was_noticed()
    first = sender.json("preview")["uuid"]
    assert sender.json("send")["outcome"] == "sent"
    be_cloned(sender)
    second = sender.json("preview")["uuid"]
    assert second != first
    assert sender.json("send", "--now")["outcome"] == "notice"
    assert sender.json("preview")["uuid"] == second
    assert len(receiver.asked) == 1


def test_a_copy_keeps_the_refusal(sender: Sender, foreman: StandIn) -> None:
    sender.json("preview")
    sender.run("disable")
    be_cloned(sender)
    asked = len(foreman.asked)
    assert sender.json("send", "--now")["outcome"] == "refused"
    assert len(foreman.asked) == asked


def test_the_digest_beside_it_tells_nothing_without_it(sender: Sender) -> None:
    """It is keyed with the uuid, so that the machine's identity can neither be read nor recognised elsewhere."""
    digests = set()
    for _ in range(2):
        sender.json("preview")
        drawn, digest = (sender.state / "uuid").read_text().split()
        assert re.fullmatch("[0-9a-f]{64}", digest)
        digests.add(digest)
        (sender.state / "uuid").unlink()
        assert drawn not in sender.json("preview")["uuid"]
        (sender.state / "uuid").unlink()
    assert len(digests) == 2
