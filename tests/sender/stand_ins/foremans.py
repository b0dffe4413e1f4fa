"""Stand-in Foremans: what each era answers, in its own shapes, with a canary in every free-text field.

Shapes are those of recorded replies and of Foreman's sources; names, addresses and counts are made up.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.sender.stand_ins.server import Asked, Reply

CANARY = "canary"  # in everything that an admin may have chosen, and nowhere else
USERNAME, PASSWORD = f"{CANARY}-account", f"{CANARY}-token"
_AUTHORIZATION = "Basic " + base64.b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode()
_TIMES = {"created_at": "2024-10-04 11:20:48 UTC", "updated_at": "2024-10-04 11:20:48 UTC"}

Override = Reply | Callable[[Asked], Reply]


@dataclass
class Proxy:
    """One smart proxy; `version` is what it says of itself, None when it is down."""

    version: str | None
    features: list[str]


@dataclass
class System:
    """One operating system, and how many hosts have it."""

    name: str
    major: str
    family: str | None
    hosts: int


@dataclass
class Foreman:
    """One Foreman: what it is made of, and answers of its own for a test's sake, by path."""

    version: str
    series: tuple[int, int]
    satellite_version: str = ""
    proxies: list[Proxy] = field(default_factory=list)
    plugins: list[tuple[str | None, str, str | None]] = field(default_factory=list)  # name, id, version
    compute_resources: list[str] = field(default_factory=list)
    hosts: int = 0
    domains: int = 0
    subnets: int = 0
    systems: list[System] = field(default_factory=list)
    is_katello: bool = False
    overrides: dict[str, Override] = field(default_factory=dict)

    def __call__(self, asked: Asked) -> Reply:
        reply = self._reply(asked)
        headers = {"Foreman_api_version": "2", "Foreman_current_organization": "; ANY"}
        if self.series >= (1, 24) and reply.status != 401:
            headers["Foreman_version"] = self.version
        return Reply(
            reply.status,
            reply.content,
            {**headers, **reply.headers},
            reply.after_seconds,
            reply.is_endless,
            reply.is_cut_off,
        )

    def _reply(self, asked: Asked) -> Reply:
        override = self.overrides.get(asked.path)
        if override:
            return override if isinstance(override, Reply) else override(asked)
        if asked.path == "/api/ping" and self.series >= (1, 24):
            return Reply(200, {"results": {"foreman": {"database": {"active": True, "duration_ms": "0"}}}})
        if asked.headers.get("authorization") != _AUTHORIZATION:
            return Reply(401, {"error": {"message": f"Unable to authenticate user {CANARY}"}})
        if asked.headers.get("accept") != "application/json;version=2":
            return Reply(500, {"error": {"message": "the tests want version 2 of the API"}})
        return self._route(asked)

    def _route(self, asked: Asked) -> Reply:
        parts = asked.path.split("/")[2:]
        if parts[0] == "smart_proxies" and len(parts) == 3 and parts[2] == "version":
            return self._proxy_version(int(parts[1]))
        answers: dict[str, Callable[[Asked], Reply]] = {
            "status": lambda _: self._status(),
            "plugins": lambda _: Reply(200, self._plugins()),
            "smart_proxies": lambda asked: page(asked, self._proxies()),
            "compute_resources": lambda asked: page(asked, self._compute_resources()),
            "operatingsystems": lambda asked: page(asked, self._operatingsystems()),
            "hosts": self._hosts,
            "domains": lambda _: counted(self.domains, {"id": 1, "name": f"{CANARY}.example.com", **_TIMES}),
            "subnets": lambda _: counted(self.subnets, {"id": 1, "name": CANARY, "network": "192.168.77.0", **_TIMES}),
        }
        if len(parts) == 1 and parts[0] in answers:
            return answers[parts[0]](asked)
        return Reply(404, {"error": {"message": f"Resource {CANARY} not found"}})

    def _status(self) -> Reply:
        own = {"satellite_version": self.satellite_version} if self.satellite_version else {}
        return Reply(200, {**own, "result": "ok", "status": 200, "version": self.version, "api_version": 2})

    def _proxies(self) -> list[dict[str, Any]]:
        return [self._proxy(number, proxy) for number, proxy in enumerate(self.proxies, 1)]

    def _proxy(self, number: int, proxy: Proxy) -> dict[str, Any]:
        entry: dict[str, Any] = {
            **_TIMES,
            "name": f"{CANARY}-proxy-{number}.example.com",
            "id": number,
            "url": f"https://{CANARY}-proxy-{number}.example.com:9090",
            "features": [
                {"name": name, "id": position, **({"capabilities": [CANARY]} if self.series >= (1, 22) else {})}
                for position, name in enumerate(proxy.features)
            ],
        }
        if self.series >= (3, 1):
            entry["hosts_count"] = 12
        if self.is_katello:
            pulp: Any = ["yum", CANARY] if self.series >= (3, 0) else {"pulp2": {"supported_types": [CANARY]}}
            entry |= {"remote_execution_pubkey": f"ssh-rsa {CANARY}", "supported_pulp_types": pulp}
            entry["lifecycle_environments"] = [{"id": 1, "name": CANARY}]
        return entry

    def _proxy_version(self, number: int) -> Reply:
        version = self.proxies[number - 1].version
        if version is None:
            message = f"ERF12-2749 [ProxyAPI::ProxyException]: Unable to detect version ({CANARY}:9090)"
            return Reply(422, {"error": {"message": message}})
        modules = {"dns_nsupdate": version, CANARY: version}
        return Reply(200, {"success": True, "result": {"version": version, "modules": modules}})

    def _plugins(self) -> dict[str, Any]:
        """Return the list, which has no pages but prints `per_page` as if it had."""
        results = [
            {
                "id": id_,
                "name": name,
                "author": CANARY,
                "description": f"{CANARY} {CANARY}",
                "url": f"https://{CANARY}.example.com/",
                "path": f"/usr/share/gems/gems/{CANARY}-1.0",
                "version": version,
            }
            for name, id_, version in self.plugins
        ]
        return envelope(results, len(results), 1, 20)

    def _compute_resources(self) -> list[dict[str, Any]]:
        return [
            {
                "id": number,
                "name": f"{CANARY}-{number}",
                "description": CANARY,
                "url": f"https://{CANARY}.example.com/sdk",
                "provider": provider,
                "provider_friendly_name": provider.upper(),
                "user": f"{CANARY}@internal",
                "datacenter": CANARY,
                "access_key": CANARY,
                **_TIMES,
            }
            for number, provider in enumerate(self.compute_resources, 1)
        ]

    def _operatingsystems(self) -> list[dict[str, Any]]:
        return [
            {
                "id": number,
                "name": system.name,
                "major": system.major,
                "minor": "",
                "family": system.family,
                "description": None,
                "release_name": CANARY,
                "title": f"{system.name} {system.major}",
                **_TIMES,
            }
            for number, system in enumerate(self.systems, 1)
        ]

    def _hosts(self, asked: Asked) -> Reply:
        assert asked.query.get("thin") == "1", "hosts are counted, not read"
        entry = {"id": 1, "name": f"{CANARY}-host.example.com"}
        search = asked.query.get("search")
        if not search:
            return counted(self.hosts, entry)
        matching = sum(system.hosts for system in self.systems if search == f'os_title="{system.name} {system.major}"')
        return counted(self.hosts, entry, matching)


def envelope(results: list[dict[str, Any]], subtotal: int, number: int, per_page: int) -> dict[str, Any]:
    sort = {"by": None, "order": None}
    head = {"total": subtotal, "subtotal": subtotal, "page": number, "per_page": per_page, "search": None}
    return {**head, "sort": sort, "results": results}


def page(asked: Asked, entries: list[dict[str, Any]]) -> Reply:
    """Return one page, as will_paginate does: a size that is no number is an error before 2.2."""
    per_page, number = int(asked.query.get("per_page", 20)), int(asked.query.get("page", 1))
    shown = entries[(number - 1) * per_page : number * per_page]
    return Reply(200, envelope(shown, len(entries), number, per_page))


def counted(total: int, entry: dict[str, Any], subtotal: int | None = None) -> Reply:
    found = total if subtotal is None else subtotal
    return Reply(200, {**envelope([entry][:found], found, 1, 1), "total": total})


def foreman_1_11() -> Foreman:
    """Return a small one of 2016: no capabilities, no version in the headers, a proxy that is down."""
    return Foreman(
        version="1.11.4",
        series=(1, 11),
        proxies=[Proxy("1.11.4", ["TFTP", "DHCP", "DNS"]), Proxy(None, ["Puppet", "Puppet CA"])],
        plugins=[("foreman_discovery", "foreman_discovery", "5.0.2"), (None, "foreman_setup", None)],
        compute_resources=["Libvirt", "Libvirt", "Digitalocean"],
        hosts=42,
        domains=1,
        subnets=3,
        systems=[System("CentOS", "6", "Redhat", 40), System("RHEL", "7", "Redhat", 2), System("Oddix", "1", None, 0)],
    )


def foreman_1_22() -> Foreman:
    return Foreman(
        version="1.22.0",
        series=(1, 22),
        proxies=[Proxy("1.22.0", ["Puppet", "Puppet CA", "Logs", "DNS"])],
        compute_resources=["Libvirt"],
    )


def katello_2_5() -> Foreman:
    return Foreman(
        version="2.5.2",
        series=(2, 5),
        is_katello=True,
        proxies=[
            Proxy("2.5.2", ["Pulpcore", "Registration", "SSH", "Dynflow", "Container_Gateway", "Templates", "Logs"])
        ],
        plugins=[
            ("foreman_remote_execution", "foreman_remote_execution", "4.5.6"),
            ("foreman-tasks", "foreman-tasks", "4.1.5"),
            ("katello", "katello", "4.1.4"),
        ],
        compute_resources=["Vmware", "Ovirt"],
        hosts=700,
        domains=12,
        subnets=64,
        systems=[System("CentOS", "7", "Redhat", 690), System("Debian", "10", "Debian", 10)],
    )


def satellite_6_16() -> Foreman:
    """Return one with features and plugins that come twice, a version of its own, and names of nobody's business."""
    return Foreman(
        version="3.12.0-develop",
        series=(3, 12),
        satellite_version="6.16.0",
        is_katello=True,
        proxies=[
            Proxy("3.12.0", ["Script", "Pulpcore", "Script", "Pulpcore", "Logs", f"{CANARY} feature"]),
            Proxy(None, ["TFTP", "DHCP"]),
        ],
        plugins=[
            ("katello", "katello", "4.14.0.8"),
            ("katello", "katello", "4.14.0.8"),
            ("foreman_rh_cloud", "foreman_rh_cloud", "10.0.3"),
            (None, "foreman_openscap", None),
            (f"foreman_{CANARY}", f"foreman_{CANARY}", "1.0.0"),
            (None, f"{CANARY}_internal", None),
            ("foreman_puppet", "foreman_puppet", f"8.0.0.pre.master.{CANARY}"),
        ],
        compute_resources=["Vmware", "Vmware", "Vmware", "AzureRm", f"{CANARY}Cloud"],
        hosts=1843,
        domains=5,
        subnets=0,
        systems=[System("RHEL", "9", "Redhat", 1790), System("Debian", "12", "Debian", 53)],
    )


def foreman_3_19() -> Foreman:
    """Return a large one: more proxies and operating systems than fit a page."""
    return Foreman(
        version="3.19.1",
        series=(3, 19),
        proxies=[Proxy("3.19.1", ["Script"])] * 130,
        plugins=[(name, name, "1.2.3") for name in ("foreman_ansible", "foreman_puppet", "foreman_remote_execution")],
        compute_resources=["GCE"] * 101,
        hosts=25_000,
        domains=60,
        subnets=9,
        systems=[System("Ubuntu", str(number), "Debian", 2) for number in range(1, 110)],
    )
