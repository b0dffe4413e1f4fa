"""The Smart Proxies of an installation: which families of features each serves, and how it lags behind the core."""

from bisect import bisect_left
from dataclasses import dataclass
from random import Random

from simulation.chance import Weighted
from simulation.history.releases import Release, Releases
from simulation.tables import FACTS, rates, rows
from vocabulary.versions import core_order

EVERYTHING: frozenset[str] = frozenset()


@dataclass(slots=True)
class Proxy:
    """One proxy.  It serves the families named, or all of them where none is named."""

    families: frozenset[str]
    version: str
    is_reachable: bool = True
    is_forgotten: bool = False  # nobody upgrades it any more


class Proxying:
    """Sets proxies up, and lets them follow the core."""

    def __init__(self) -> None:
        self._rates = rates()
        self._calendar = Releases("smart_proxy_releases.csv")
        roles = [(frozenset(row["families"].split()), float(row["share_percent"])) for row in rows(FACTS, "roles.csv")]
        self._roles = Weighted(roles)

    def version_for(self, core: Release, day: int) -> str:
        """Return what a proxy installed on that day from the packages of the core's series reports."""
        if self._calendar.was_out(core.text, day):
            return core.text
        release = self._calendar.patched(core.series, day)
        if release:
            return release.text
        # A nightly's proxy is built with it; a candidate's may come out some days after the core's.  A series that the
        # catalogue lacks for the proxy came out with the core's.
        is_in_step = "develop" in core.text or core_order(core.series) > core_order(self._calendar.series[-1])
        return core.text if is_in_step else self._calendar.newest_candidate(day).text

    def set_up(self, count: int, core: Release, day: int, random: Random) -> list[Proxy]:
        """Return the proxies of an installation that exists on that day: the first next to the core, others apart."""
        proxies = []
        current = self.version_for(core, day)
        for position in range(count):
            proxy = Proxy(self._roles.draw(random) if position else EVERYTHING, current)
            if position and random.random() > self._rates["proxy_upgraded_with_core"]:
                proxy.version = self._lagging(core, day, random) or current
            proxy.is_reachable = not position or random.random() > self._rates["proxy_unreachable"]
            proxy.is_forgotten = bool(position) and random.random() < self._rates["proxy_never_upgraded"]
            proxies.append(proxy)
        return proxies

    def _lagging(self, core: Release, day: int, random: Random) -> str | None:
        """Return a version one to three series behind the core."""
        series = self._calendar.series
        behind = bisect_left(series, core_order(core.series), key=core_order) - 1 - int(random.random() ** 2 * 3)
        release = self._calendar.patched(series[behind], day) if behind >= 0 else None
        return release.text if release else None

    def follow_core(self, proxies: list[Proxy], core: Release, day: int, random: Random) -> None:
        """The core was upgraded: its own proxy with it, of the others the lucky ones."""
        current = self.version_for(core, day)
        for position, proxy in enumerate(proxies):
            is_due = not position or random.random() < self._rates["proxy_upgraded_with_core"]
            if is_due and not proxy.is_forgotten:
                proxy.version = current

    def catch_up(self, proxies: list[Proxy], core: Release, day: int) -> bool:
        """Upgrade those that lag, and return whether there was one."""
        current = self.version_for(core, day)
        lagging = [proxy for proxy in proxies if proxy.version != current and not proxy.is_forgotten]
        for proxy in lagging:
            proxy.version = current
        return bool(lagging)

    def lose_or_regain(self, proxies: list[Proxy], random: Random) -> bool:
        """Find all reachable again where one was not, else lose sight of one; return whether any changed."""
        lost = [proxy for proxy in proxies if not proxy.is_reachable]
        for proxy in lost:
            proxy.is_reachable = True
        if not lost and len(proxies) > 1 and random.random() < len(proxies) * self._rates["proxy_unreachable"]:
            proxies[1 + int(random.random() * (len(proxies) - 1))].is_reachable = False
            return True
        return bool(lost)
