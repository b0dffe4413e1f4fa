"""A dry run explains how a report is read."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.receiver.running import Receiver, report
from vocabulary.shortening import MORE_NAMES, NAMES_MAX


def test_a_dry_run_tells_how_a_report_is_read_and_stores_nothing(receiver: Receiver) -> None:
    """What counts and under which name, what else is kept, and what would be set aside and why."""
    before = receiver.post(report(1))[1]["seq"]
    body = {
        "uuid": "0123456789abcdef",
        "core_version": "3.9.1",
        "plugins": [{"name": "acme secret <b>"}, 7],
        "proxies": [{"version": "3.9.0", "features": ["puppetca"]}],
        "host_count": 12,
    }
    status, read = receiver.post(json.dumps(body).encode(), path="/data?dry_run=1")
    assert status == 200
    assert {"table": "core_versions", "name": "3.9.1", "count": 1, "shown": "always"} in read["counts"]
    assert {"table": "plugins", "name": "acme secret <b>", "count": 1, "shown": "as (other)"} in read["counts"]
    assert {"table": "proxy_features", "name": "Puppet CA", "count": 1, "shown": "always"} in read["counts"]
    assert read["kept"] == [{"key": "host_count", "type": "integer"}]
    assert read["set_aside"] == [{"where": "/plugins/1", "why": "a plugin is an object with a name and a version"}]
    assert receiver.post(report(1))[1]["seq"] == before + 1


SAID = {
    "uuid": "0123456789abcdef",
    "core_version": "3.9.0-acme",
    "plugins": [{"name": "foreman_acme", "version": "1.0.0"}, {"name": "katello", "version": "99.1.0"}],
    "proxies": [{"version": "9.98.0", "features": ["Acme Robots"]}],
    "server_operatingsystem": "acme 1",
    "satellite_version": "6.16.0",
}


def shown(receiver: Receiver) -> tuple[dict[str, str], dict[str, Any]]:
    """Return whether each name of the report is shown, and the rest of the answer."""
    status, read = receiver.post(json.dumps(SAID).encode(), path="/data?dry_run=1")
    assert status == 200
    tables = ("core_versions", "plugins", "plugin_versions", "proxy_versions", "proxy_features", "facts")
    return {one["name"]: one["shown"] for one in read.pop("counts") if one["table"] in tables}, read


def test_a_dry_run_goes_by_the_operators_list_as_it_is_now(tmp_path: Path) -> None:
    """By the same rule as the figures: a plain version is shown, but not that of a plugin that is not."""
    plain = dict.fromkeys(["katello", "99.1.0", "9.98.0", "6.16.0"], "always")
    own = ["3.9.0-acme", "foreman_acme", "1.0.0", "Acme Robots", "acme 1"]
    with Receiver(tmp_path / "data") as receiver:
        assert shown(receiver)[0] == plain | dict.fromkeys(own, "once listed")
        (receiver.data / "names.csv").write_text("kind,name\nplugin,foreman_acme\nversion,3.9.0-acme\n")
        listed = dict.fromkeys(own[:3], "always") | dict.fromkeys(own[3:], "once listed")
        assert shown(receiver)[0] == plain | listed


@pytest.mark.parametrize("content", [b"kind,name\nplugin,acme secret\ncolour,red\n", b"\xff", None])
def test_a_list_that_cannot_be_read_stops_neither_dry_runs_nor_uploads(tmp_path: Path, content: bytes | None) -> None:
    """A stranger is told that it cannot be read, and nothing of what is in it."""
    with Receiver(tmp_path / "data") as receiver:
        names = receiver.data / "names.csv"
        if content is None:
            names.mkdir()
        else:
            names.write_bytes(content)
        said, read = shown(receiver)
        assert (said["katello"], said["foreman_acme"]) == ("always", "once listed")
        assert "list of names cannot be read" in read["note"]
        assert not {"red", "secret", str(receiver.data)} & {*read["note"].split()}
        assert receiver.post(report(2))[0] == 201


def test_dry_runs_have_a_quota_of_their_own_and_keep_no_upload_waiting(tmp_path: Path) -> None:
    """Found: with 4,900 proxies each held the event loop for 300 ms; the median of other uploads was 2.35 s."""
    proxies = [{"version": f"3.{number % 40}.{number}", "features": [f"f{number}"]} for number in range(4_900)]
    body = report(1, proxies=proxies)
    with Receiver(tmp_path / "data", environment={"POPCON_TRUSTED_PROXIES": "127.0.0.1"}) as receiver:
        stranger = {"X-Forwarded-For": "198.51.100.7"}
        statuses = [receiver.post(body, stranger, "/data?dry_run=1")[0] for _ in range(12)]
        assert statuses[:10] == [200] * 10
        assert 429 in statuses
        assert receiver.post(report(2), stranger)[0] == 201, "an upload has its own quota"
        with ThreadPoolExecutor(8) as pool:
            together = set(pool.map(lambda _: receiver.post(body, None, "/data?dry_run=1")[0], range(16)))
        assert together <= {200, 503}
        assert receiver.post(report(3))[0] == 201


def test_a_dry_run_tells_where_a_report_has_too_many_names(receiver: Receiver) -> None:
    plugins = [{"name": f"made_up_{number}", "version": "1.0"} for number in range(4000)]
    body = {"uuid": "0123456789abcdef", "core_version": "3.9.1", "plugins": plugins}
    status, read = receiver.post(json.dumps(body).encode(), path="/data?dry_run=1")
    assert status == 200
    assert sum(count["table"] == "plugins" for count in read["counts"]) == NAMES_MAX
    assert read["set_aside"] == [{"where": f"/plugins/{NAMES_MAX}", "why": MORE_NAMES}]
