"""From a stand-in Foreman through the sender to the real receiver, and what the transforms make of it."""

import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.sender.conftest import PROGRAM, Sender
from tests.sender.stand_ins.server import StandIn

ROOT = PROGRAM.parents[1]


@dataclass
class RealReceiver:
    """`python -m receiver serve` on a folder of its own."""

    url: str
    environment: dict[str, str]

    def transform(self) -> sqlite3.Connection:
        """Bring the views up to date and open them."""
        refresh = [sys.executable, "-m", "transforms", "refresh"]
        subprocess.run(refresh, cwd=ROOT, env=self.environment, check=True, capture_output=True)
        return sqlite3.connect(f"file:{self.environment['POPCON_DATA']}/views.db?mode=ro", uri=True)


@contextmanager
def real_receiver(folder: Path) -> Iterator[RealReceiver]:
    ports = []
    for _ in range(2):
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            ports.append(str(free.getsockname()[1]))
    environment = {**os.environ, "POPCON_DATA": str(folder), "POPCON_RECEIVER_PORT": ports[0]}
    environment["POPCON_METRICS_PORT"] = ports[1]
    serve = [sys.executable, "-m", "receiver", "serve"]
    with subprocess.Popen(serve, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and process.poll() is None:
            with closing(socket.socket()) as probe:
                if probe.connect_ex(("127.0.0.1", int(ports[0]))) == 0:
                    break
            time.sleep(0.02)
        yield RealReceiver(f"http://127.0.0.1:{ports[0]}/data", environment)
        process.terminate()
        process.communicate(timeout=20)


@pytest.fixture
def real(tmp_path: Path) -> Iterator[RealReceiver]:
    with real_receiver(tmp_path / "data") as started:
        yield started


@pytest.mark.newest_too
def test_what_foreman_holds_is_what_the_views_show(sender: Sender, foreman: StandIn, real: RealReceiver) -> None:
    """Every part of the report, by name and number, after one upload."""
    sender.configure(foreman.url, real.url)
    sender.was_noticed()
    assert sender.json("send")["outcome"] == "sent"
    with closing(real.transform()) as views:
        [(uuid, core_version)] = views.execute("select uuid, core_version from uploads").fetchall()
        proxies = views.execute("select version, features from proxies order by version").fetchall()
        plugins = views.execute("select name, version from plugins order by name").fetchall()
        resources = views.execute("select type from compute_resources order by type").fetchall()
        extra = dict(views.execute("select key, value from extra_facts").fetchall())
    assert uuid == (sender.state / "uuid").read_text().split()[0]
    assert core_version == "3.12.0-develop"
    assert [(version, json.loads(features)) for version, features in proxies] == [
        (None, ["DHCP", "TFTP"]),
        ("3.12.0", ["Logs", "Pulpcore", "Script"]),
    ]
    assert plugins == [
        ("foreman_openscap", None),
        ("foreman_puppet", "8.0.0.pre.master"),
        ("foreman_rh_cloud", "10.0.3"),
        ("katello", "4.14.0.8"),
    ]
    assert [type_.lower() for (type_,) in resources] == ["azurerm", "vmware", "vmware", "vmware"]
    assert extra.pop("server_operatingsystem")
    assert json.loads(extra.pop("operatingsystem_families")) == {"Debian": "50-199", "Redhat": "1000-9999"}
    assert extra == {
        "satellite_version": "6.16.0",
        "other_features_count": "1",
        "other_plugins_count": "2",
        "other_compute_resources_count": "1",
        "hosts_band": "1000-9999",
        "domains_band": "5-9",
        "subnets_band": "0",
    }


def test_a_full_cycle_against_the_real_receiver(sender: Sender, foreman: StandIn, real: RealReceiver) -> None:
    """Send, show, forget, show: nothing; the erased uuid is gone for good, and `enable` makes another."""
    sender.configure(foreman.url, real.url)
    sender.was_noticed()
    assert sender.json("send")["outcome"] == "sent"
    real.transform().close()  # by the views an installation's uploads are found
    first = (sender.state / "uuid").read_text().split()[0]
    assert first in sender.run("show").stdout
    assert sender.run("forget").returncode == 0
    assert sender.json("show")["outcome"] == "nothing"
    assert sender.json("send", "--now")["outcome"] == "refused"
    assert sender.run("enable").returncode == 0
    assert sender.json("send", "--now")["outcome"] == "sent"
    assert (sender.state / "uuid").read_text().split()[0] != first
