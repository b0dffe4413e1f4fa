"""A company whose own plugin would name it: twelve installations behind one network, honest and regular.

Nobody attacks here; what must not happen is that the company shows up in public.
"""

from typing import Any

import orjson

from simulation.chance import new_uuid
from simulation.scenarios.base import Hostile, Plan, Scenario, configuration

INSTALLATIONS = 12  # more than the smallest group that is published, and all one company's
PLUGIN = "foreman_globex_warehouse"
FEATURE = "Globex_Robots"
KEY = "globex_site"
HOST = "foreman01.warehouse.globex.example"


class Company(Scenario):
    """The same twelve each week of the whole time, with an internal plugin, feature, further key and host name."""

    name = "company"
    weeks_long = 10_000  # the whole time

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self._members = [(new_uuid(self.random), self._report(), self.second(0, 0, 167)) for _ in range(INSTALLATIONS)]

    def strike(self, week: int) -> list[Hostile]:  # noqa: ARG002  (each week is like the last)
        return [self.hostile(second, uuid, report, self.network) for uuid, report, second in self._members]

    def _report(self) -> bytes:
        report: dict[str, Any] = orjson.loads(b"{" + self.life.begin(0, is_fresh=False).configuration)
        report["plugins"].append({"name": PLUGIN, "version": "1.4.2"})
        report["proxies"].append({"version": None, "features": [FEATURE, "TFTP"]})
        report[KEY] = HOST
        return configuration(report)
