"""A vandal: names made to break pages, spreadsheets and terminals, each from enough networks to be suggested."""

from typing import Any

from simulation.chance import new_uuid
from simulation.scenarios.base import Hostile, Plan, Scenario, configuration

NETWORKS = 6  # one more than the smallest group that is published
NAMES = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "</title><h1>foreman</h1>",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://vandal.example","katello")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+1-2",
    "-katello",
    "katello\u202eolletak",
    "kat\u200bello",
    "\u0456atello",
    "katello\r\nSet-Cookie: vandal=1",
    "\tkatello\x1b[2J",
    "'; drop table uploads; --",
    "../../../../etc/passwd",
    "{{7*7}}${7*7}<%= 7*7 %>",
    "(other)",
    "javascript:alert(1)",
    "k" * 50_000,
)


class Vandal(Scenario):
    """Every name stands as a plugin, a feature, a version, a resource and a key of its own, for three weeks."""

    name = "vandal"
    weeks_long = 3

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self._senders = [
            (new_uuid(self.random), name, self.network + number) for name in NAMES for number in range(NETWORKS)
        ]

    def strike(self, week: int) -> list[Hostile]:
        core = self.newest(week).text
        return [
            self.hostile(self.second(0, 0, 167), uuid, configuration(_report(core, name)), network)
            for uuid, name, network in self._senders
        ]


def _report(core: str, name: str) -> dict[str, Any]:
    return {
        "core_version": core if len(name) > 1000 else name,
        "proxies": [{"version": name, "features": [name, "TFTP"]}],
        "plugins": [{"name": name, "version": name}],
        "compute_resources": [name],
        "operatingsystem_families": {name[:100]: 1},
        name[:100]: name,
    }
