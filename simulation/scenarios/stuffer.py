"""A ballot stuffer: 10,000 uuids in one night from three networks, all for one plugin."""

from simulation.chance import new_uuid
from simulation.history.repositories import Shipped
from simulation.scenarios.base import Hostile, Scenario, configuration

PLUGIN = "foreman_omaha"
UUIDS = 10_000
NETWORKS = 3


class Stuffer(Scenario):
    """From Wednesday ten in the evening to Thursday six; always the same report, each uuid once."""

    name = "stuffer"

    def strike(self, week: int) -> list[Hostile]:
        core = self.newest(week)
        shipped = Shipped()
        versions = shipped.versions(shipped.repository(core.series))
        plugins = [{"name": PLUGIN, "version": versions.get(PLUGIN, "1.0.0")}]
        report = configuration({"core_version": core.text, "proxies": [], "plugins": plugins, "compute_resources": []})
        return [
            self.hostile(self.second(2, 22, 30), new_uuid(self.random), report, self.network + number % NETWORKS)
            for number in range(UUIDS)
        ]
