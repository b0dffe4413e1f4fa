"""A broken sender: one uuid uploads 3,400 times in a week, and another under 28 core versions."""

from simulation.chance import new_uuid
from simulation.installations.installation import WEEK_SECONDS
from simulation.scenarios.base import Hostile, Scenario, configuration
from simulation.tables import CATALOG, rows

REPEATS = 3_400
VERSIONS = 28


class BrokenSender(Scenario):
    """A timer that fires every three minutes, and an image with one uuid that was installed 28 times."""

    name = "broken-sender"

    def strike(self, week: int) -> list[Hostile]:
        one = self.life.begin(week, is_fresh=False)
        pace = WEEK_SECONDS / REPEATS
        repeated = [
            self.hostile(int(number * pace), one.uuid, one.configuration, self.network) for number in range(REPEATS)
        ]
        image = new_uuid(self.random)
        many = [
            self.hostile(self.second(0, 0, 168), image, configuration({"core_version": text}), self.network + number)
            for number, text in enumerate(self._versions(week))
        ]
        return repeated + many

    def _versions(self, week: int) -> list[str]:
        """Return the last `VERSIONS` different versions that were out before that week."""
        newest = self.newest(week)
        texts = list(dict.fromkeys(row["reported_version"] for row in rows(CATALOG, "releases.csv")))
        known = texts[: texts.index(newest.text) + 1]
        return known[-VERSIONS:]
