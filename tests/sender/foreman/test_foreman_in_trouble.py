"""A Foreman that refuses, is slow, broken or hostile: one line for the admin, nothing half sent, nothing given away."""

import time
from typing import Any

import pytest

from tests.sender.conftest import DAY, Sender
from tests.sender.stand_ins.foremans import CANARY, Foreman, Proxy
from tests.sender.stand_ins.server import Reply, StandIn


def reason(sender: Sender, *arguments: str) -> str:
    """Run `preview`, which must fail with one line, and return that line."""
    done = sender.run("preview", *arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), done.stderr
    assert CANARY not in done.stderr
    return done.stderr.removeprefix("foreman-popcon: ").rstrip()


def test_an_unknown_account_is_tried_once_a_week(sender: Sender, foreman: StandIn, receiver: StandIn) -> None:
    """Thirty refused log-ins lock out everybody behind an address; a changed configuration is tried at once."""
    sender.configure(foreman.url, f"{receiver.url}/data", username="nobody")
    refused = "Foreman rejected the account (401): check username and password under [foreman]"
    assert reason(sender) == refused
    assert foreman.paths() == ["/api/status"]
    assert sender.run("send").returncode == 1
    assert sender.json("send")["outcome"] == "waiting"
    assert len(foreman.asked) == 2
    assert refused in sender.run("status").stdout
    sender.remember(trouble_at=1)
    assert sender.run("send").returncode == 1
    assert len(foreman.asked) == 3


@pytest.mark.parametrize("what", ["smart_proxies", "plugins", "compute_resources", "hosts"])
def test_a_missing_permission_is_named_and_its_key_left_out(sender: Sender, model: Foreman, what: str) -> None:
    """An empty list would say that there are none."""
    error = {"message": "Access denied", "details": CANARY, "missing_permissions": [f"view_{what}", f"{CANARY} $(id)"]}
    model.overrides[f"/api/{what}"] = Reply(403, {"error": error})
    key = {"smart_proxies": "proxies", "hosts": "hosts_band"}.get(what, what)
    done = sender.run("preview")
    assert done.returncode == 0
    assert f"left out: {key} (the account lacks the permission view_{what})\n" in done.stderr
    assert f'"{key}"' not in done.stdout
    assert '"core_version"' in done.stdout


def test_an_account_that_may_not_see_the_status_learns_the_version_from_a_header(
    sender: Sender, model: Foreman
) -> None:
    model.overrides["/api/status"] = Reply(403, {"error": {"message": "Access denied", "details": None}})
    assert sender.json("preview")["core_version"] == "3.12.0-develop"


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply(500, {"error": {"message": CANARY}}), "Foreman answered 500 to /api/plugins"),
        (Reply(200, f"<html>{CANARY}".encode()), "Foreman's answer to /api/plugins is not JSON"),
        (Reply(200, b"[" * 100_000), "Foreman's answer to /api/plugins is not JSON"),
        (Reply(200, {"results": CANARY}), "Foreman's answer is not the requested list"),
        (Reply(200, b'"' + b"x" * 300_000 + b'"'), "Foreman's answer to /api/plugins is larger than 200000 bytes"),
        (Reply(200, [], is_cut_off=True), "no answer from Foreman to /api/plugins (its answer broke off or was"),
        (Reply(200, [], is_endless=True), "no answer from Foreman to /api/plugins (it did not answer in time)"),
        (Reply(200, [], after_seconds=5), "no answer from Foreman to /api/plugins (it did not answer in time)"),
    ],
    ids=["500", "html", "deep", "no list", "huge", "cut off", "endless", "slow"],
)
def test_half_a_report_is_not_sent(sender: Sender, model: Foreman, reply: Reply, expected: str) -> None:
    """Whatever Foreman says instead of its plugins: a report without them would say that there are none."""
    sender.change(CALL_SECONDS_MAX=0.7, FOREMAN_BYTES_MAX=200_000)
    model.overrides["/api/plugins"] = reply
    assert reason(sender).startswith(expected)


def test_a_redirect_is_not_followed(sender: Sender, foreman: StandIn, model: Foreman, receiver: StandIn) -> None:
    """Least of all with the account's password."""
    model.overrides["/api/status"] = Reply(302, {}, {"Location": f"{receiver.url}/{CANARY}"})
    assert reason(sender).startswith(
        "Foreman redirects /api/status to another address (302); redirects are not followed"
    )
    assert (len(foreman.asked), receiver.asked) == (1, [])


def test_what_is_no_foreman_is_told(sender: Sender, model: Foreman) -> None:
    model.overrides["/api/status"] = Reply(200, {"status": "ok", "version": None})
    model.series = (1, 22)
    assert reason(sender) == "Foreman did not report its version (is [foreman] url the address of a Foreman?)"


def test_odd_entries_of_lists_do_no_harm(sender: Sender, foreman: StandIn, model: Foreman) -> None:
    """Numbers, nulls and lists where names belong; an id that would be a path."""
    odd: list[Any] = [None, 7, "x", [], {}, {"id": [], "name": {}, "version": 3}]
    proxy = {"id": f"../../{CANARY}", "features": [None, 4, {"name": None}, {"name": ["DNS"]}, "DNS", {"name": "DNS"}]}
    model.overrides["/api/plugins"] = Reply(200, {"results": [*odd, {"name": "katello", "version": [1]}]})
    model.overrides["/api/smart_proxies"] = Reply(200, {"results": [*odd, proxy], "subtotal": "many"})
    model.overrides["/api/compute_resources"] = Reply(200, {"results": [*odd, {"id": 9, "provider": None}]})
    model.overrides["/api/domains"] = Reply(200, {"total": True})
    report = sender.json("preview")
    assert report["plugins"] == [{"name": "katello", "version": None}]
    assert {"version": None, "features": ["DNS"]} in report["proxies"]
    assert report["compute_resources"] == []
    assert "domains_band" not in report
    assert not [path for path in foreman.paths() if CANARY in path]


def test_dead_proxies_are_asked_together_and_given_up(sender: Sender, model: Foreman) -> None:
    """Foreman itself waits a minute for each: twelve that hang cost two short calls, and are null."""
    sender.change(PROXY_SECONDS_MAX=0.5)
    model.proxies = [Proxy("3.12.0", ["DNS"])] * 13
    for number in range(1, 13):
        model.overrides[f"/api/smart_proxies/{number}/version"] = Reply(200, {}, after_seconds=60)
    started = time.monotonic()
    assert [proxy["version"] for proxy in sender.json("preview")["proxies"]] == [None] * 12 + ["3.12.0"]
    assert time.monotonic() - started < 12 * 0.5


def test_a_foreman_out_of_reach_is_named_with_the_places_of_its_address(sender: Sender) -> None:
    """To the admin: what is kept of it holds no address."""
    url = "https://127.0.0.1:9/foreman"
    silence = "no answer from Foreman to /api/status (Connection refused)"
    hint = f"; tried {url}: see url and ca_file under [foreman] in {sender.config}, or --foreman-url"
    assert reason(sender, "--foreman-url", url) == silence + hint
    assert sender.run("send", "--foreman-url", url).stderr == f"foreman-popcon: {silence}{hint}\n"
    assert sender.remembered()["trouble"] == silence


def test_a_foreman_that_is_down_is_tried_again_after_growing_pauses(sender: Sender, receiver: StandIn) -> None:
    sender.configure("http://127.0.0.1:9", f"{receiver.url}/data")
    pauses = []
    for _ in range(3):
        done = sender.run("send", "--now")
        assert done.returncode == 1
        assert done.stderr.startswith("foreman-popcon: no answer from Foreman to /api/status (Connection refused); ")
        kept = sender.remembered()
        pauses.append(kept["retry_at"] - kept["trouble_at"])
    assert pauses == sorted(pauses)
    assert 0.8 * DAY / 24 <= pauses[0] <= 1.2 * DAY / 24
