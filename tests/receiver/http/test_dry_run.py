"""A dry run explains how a report is read."""

import json

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


def test_a_dry_run_tells_where_a_report_has_too_many_names(receiver: Receiver) -> None:
    plugins = [{"name": f"made_up_{number}", "version": "1.0"} for number in range(4000)]
    body = {"uuid": "0123456789abcdef", "core_version": "3.9.1", "plugins": plugins}
    status, read = receiver.post(json.dumps(body).encode(), path="/data?dry_run=1")
    assert status == 200
    assert sum(count["table"] == "plugins" for count in read["counts"]) == NAMES_MAX
    assert read["set_aside"] == [{"where": f"/plugins/{NAMES_MAX}", "why": MORE_NAMES}]
