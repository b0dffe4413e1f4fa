"""What is sent, compared whole, from every era of Foreman."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.sender.conftest import Sender
from tests.sender.stand_ins import foremans
from tests.sender.stand_ins.foremans import Foreman
from tests.sender.stand_ins.receivers import Receiver
from tests.sender.stand_ins.server import Asked, Reply, StandIn

FROM_1_11 = {
    "core_version": "1.11.4",
    "proxies": [
        {"version": None, "features": ["Puppet", "Puppet CA"]},
        {"version": "1.11.4", "features": ["DHCP", "DNS", "TFTP"]},
    ],
    "plugins": [{"name": "foreman_discovery", "version": "5.0.2"}, {"name": "foreman_setup", "version": None}],
    "compute_resources": ["Digitalocean", "Libvirt", "Libvirt"],
    "hosts_band": "10-49",
    "domains_band": "1",
    "subnets_band": "2-4",
    "operatingsystem_families": {"Redhat": "10-49"},
}
FROM_1_22 = {
    "core_version": "1.22.0",
    "proxies": [{"version": "1.22.0", "features": ["DNS", "Logs", "Puppet", "Puppet CA"]}],
    "plugins": [],
    "compute_resources": ["Libvirt"],
    "hosts_band": "0-9",
    "domains_band": "0",
    "subnets_band": "0",
    "operatingsystem_families": {},
}
FROM_KATELLO = {
    "core_version": "2.5.2",
    "proxies": [
        {
            "version": "2.5.2",
            "features": ["Container_Gateway", "Dynflow", "Logs", "Pulpcore", "Registration", "SSH", "Templates"],
        }
    ],
    "plugins": [
        {"name": "foreman-tasks", "version": "4.1.5"},
        {"name": "foreman_remote_execution", "version": "4.5.6"},
        {"name": "katello", "version": "4.1.4"},
    ],
    "compute_resources": ["Ovirt", "Vmware"],
    "hosts_band": "600-999",
    "domains_band": "10-49",
    "subnets_band": "50+",
    "operatingsystem_families": {"Debian": "10-49", "Redhat": "600-999"},
}
FROM_SATELLITE = {
    "core_version": "3.12.0-develop",
    "satellite_version": "6.16.0",
    "proxies": [
        {"version": None, "features": ["DHCP", "TFTP"]},
        {"version": "3.12.0", "features": ["Logs", "Pulpcore", "Script"]},
    ],
    "other_features_count": 1,
    "plugins": [
        {"name": "foreman_openscap", "version": None},
        {"name": "foreman_puppet", "version": "8.0.0.pre.master"},
        {"name": "foreman_rh_cloud", "version": "10.0.3"},
        {"name": "katello", "version": "4.14.0.8"},
    ],
    "other_plugins_count": 2,
    "compute_resources": ["AzureRm", "Vmware", "Vmware", "Vmware"],
    "other_compute_resources_count": 1,
    "hosts_band": "1000-9999",
    "domains_band": "5-9",
    "subnets_band": "0",
    "operatingsystem_families": {"Debian": "50-199", "Redhat": "1000-9999"},
}
FROM_3_19 = {
    "core_version": "3.19.1",
    "proxies": [{"version": "3.19.1", "features": ["Script"]}] * 130,
    "plugins": [
        {"name": "foreman_ansible", "version": "1.2.3"},
        {"name": "foreman_puppet", "version": "1.2.3"},
        {"name": "foreman_remote_execution", "version": "1.2.3"},
    ],
    "compute_resources": ["GCE"] * 101,
    "hosts_band": "20000+",
    "domains_band": "50+",
    "subnets_band": "5-9",
    "operatingsystem_families": {"Debian": "200-599"},
}


def sent_by(sender: Sender, uploads: Receiver) -> dict[str, Any]:
    """Return the one report that arrived, without what is this machine's: its uuid and operating system."""
    sender.was_noticed()
    assert sender.json("send")["outcome"] == "sent"
    [[(uuid, [body])]] = [list(uploads.uploads.items())]
    report: dict[str, Any] = json.loads(body)
    assert report.pop("uuid") == uuid
    assert report.pop("server_operatingsystem")
    return report


@pytest.mark.newest_too
@pytest.mark.parametrize(
    ("era", "expected"),
    [
        (foremans.foreman_1_11, FROM_1_11),
        (foremans.foreman_1_22, FROM_1_22),
        (foremans.katello_2_5, FROM_KATELLO),
        (foremans.satellite_6_16, FROM_SATELLITE),
        (foremans.foreman_3_19, FROM_3_19),
    ],
)
def test_every_era_is_reported_whole(
    era: Callable[[], Foreman], expected: dict[str, Any], sender: Sender, foreman: StandIn, uploads: Receiver
) -> None:
    """From 1.11 to 3.19, Katello and Satellite: the same keys from different shapes, and nothing more."""
    foreman.answer = era()
    assert sent_by(sender, uploads) == expected


def test_bare_lists_of_old_routes_are_read(sender: Sender, model: Foreman) -> None:
    """Version 1 of the API gives lists without an envelope, each entry wrapped in its type, without features."""
    model.overrides["/api/smart_proxies"] = Reply(200, [{"smart_proxy": {"name": "TFTP", "id": 1}}])
    model.overrides["/api/compute_resources"] = Reply(200, [{"compute_resource": {"id": 3, "provider": "oVirt"}}])
    report = sender.json("preview")
    assert report["proxies"] == [{"version": "3.12.0", "features": []}]
    assert report["compute_resources"] == ["oVirt"]


def test_versions_of_proxies_that_have_no_such_route_are_null(sender: Sender, model: Foreman) -> None:
    model.overrides["/api/smart_proxies/1/version"] = Reply(404, {"error": {"message": "no"}})
    model.overrides["/api/smart_proxies/2/version"] = Reply(200, {"result": {"version": "N/A"}})
    assert [proxy["version"] for proxy in sender.json("preview")["proxies"]] == [None, None]


def test_the_list_of_plugins_is_asked_for_once(sender: Sender, foreman: StandIn, model: Foreman) -> None:
    """It prints `per_page: 20` but has no pages: asking for a second one would give the whole list again."""
    model.plugins = [*((f"foreman_{n}", f"foreman_{n}", "1") for n in range(30)), ("katello", "katello", "4.9")]
    report = sender.json("preview")
    assert (report["plugins"], report["other_plugins_count"]) == ([{"name": "katello", "version": "4.9"}], 30)
    assert foreman.paths().count("/api/plugins") == 1


@pytest.mark.parametrize("key", ["hosts_band", "domains_band", "subnets_band", "operatingsystem_families"])
def test_each_further_key_can_be_switched_off(sender: Sender, foreman: StandIn, receiver: StandIn, key: str) -> None:
    """What is switched off is not sent, and not asked for either."""
    sender.configure(foreman.url, f"{receiver.url}/data", f"{key} = no")
    report = sender.json("preview")
    assert key not in report
    asked = {"/api/" + path for path in (key.partition("_band")[0], "operatingsystems") if path in key or "oper" in key}
    if key != "hosts_band":  # hosts are also asked for to know their systems
        assert not asked & set(foreman.paths())


def test_the_switch_for_the_servers_own_system(sender: Sender, foreman: StandIn, receiver: StandIn) -> None:
    assert sender.json("preview")["server_operatingsystem"]
    sender.configure(foreman.url, f"{receiver.url}/data", "server_operatingsystem = no")
    assert "server_operatingsystem" not in sender.json("preview")


def recorded(folder: Path, proxies: str = "smart_proxies-index-2.5.2-katello.json") -> Callable[[Asked], Reply]:
    """Return a Foreman that answers with recorded replies, 1.7 to Satellite 6.15, and 404 for what was not recorded."""
    files = {
        "/api/status": "status-3.9.0-satellite-6.15.0.json",
        "/api/smart_proxies": proxies,
        "/api/plugins": "apipie-1.7-plugins-index-v2-200-1.json",
        "/api/compute_resources": "apipie-1.7-compute_resources-index-v2-200-3.json",
        "/api/hosts": "hosts-index-2.3.0.json",
        "/api/domains": "domains-index-2.1.3.json",
        "/api/subnets": "subnets-index-2.1.0.json",
        "/api/operatingsystems": "operatingsystems-index-1.22.0.json",
    }
    missing = Reply(404, (folder / "apipie-1.7-error-404-3.json").read_bytes())
    return lambda asked: Reply(200, (folder / files[asked.path]).read_bytes()) if asked.path in files else missing


@pytest.mark.newest_too
def test_recorded_replies_are_reported_whole(sender: Sender, foreman: StandIn, recordings: Path) -> None:
    """Bodies of real servers, 1.7 to Satellite 6.15."""
    foreman.answer = recorded(recordings)
    report = sender.json("preview")
    assert report.pop("uuid")
    assert report.pop("server_operatingsystem")
    assert report == {
        "core_version": "3.9.0",
        "satellite_version": "6.15.0",
        "proxies": [{"version": None, "features": ["Logs", "Pulpcore", "Puppet", "Puppet CA", "Registration"]}],
        "plugins": [],
        "other_plugins_count": 1,
        "compute_resources": [
            "EC2",
            "EC2",
            "Google",
            "Libvirt",
            "Libvirt",
            "Libvirt",
            "OpenStack",
            "VMWare",
            "oVirt",
        ],
        "hosts_band": "0-9",
        "domains_band": "2-4",
        "subnets_band": "2-4",
        "operatingsystem_families": {"Debian": "1-9"},
    }


def test_every_recorded_list_of_proxies_is_read(sender: Sender, foreman: StandIn, recordings: Path) -> None:
    """Each recorded list, of any version and shape, comes out whole and with known features only."""
    for file in sorted(recordings.glob("*smart_proxies-index-*")):
        content = json.loads(file.read_bytes())
        entries = content if isinstance(content, list) else content.get("results")
        if entries is not None:
            foreman.answer = recorded(recordings, file.name)
            report = sender.json("preview")
            assert len(report["proxies"]) == len(entries), file.name
            assert "other_features_count" not in report, file.name
