"""Writes what an installation reports: what its admin wants, in the words of its version."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from simulation.history.releases import Release
from simulation.history.repositories import Shipped, Span
from simulation.installations.odd_strings import Odd, make_odd
from simulation.installations.proxies import Proxy
from simulation.installations.wishes import Wishes
from simulation.tables import FACTS, rows

PUPPET_IS_A_PLUGIN = Span("3.0", "")  # the feature is seeded by foreman_puppet from then on


class Name(NamedTuple):
    """How a wish is called in the series of `span`, where the plugin `needs` is there or empty."""

    wish: str
    text: str
    family: str
    needs: str
    span: Span


@dataclass(slots=True)
class Situation:
    """All that a report is made from."""

    core: Release
    wishes: Wishes
    proxies: list[Proxy]
    is_newer_sender: bool
    odd: Odd | None
    plugins: tuple[tuple[str, ...], dict[str, str]] = ((), {})  # as last worked out, and from what


class Reporting:
    """Turns a situation into the JSON of a configuration."""

    def __init__(self, shipped: Shipped) -> None:
        self._shipped = shipped
        self._features = [
            Name(row["wish"], row["feature"], row["family"], row["of_plugin"], _span(row))
            for row in rows(FACTS, "features.csv")
        ]
        self._resources = [
            Name(row["compute_resource"], row["provider"], "", row["needs_plugin"], _span(row))
            for row in rows(FACTS, "compute_resources.csv")
        ]
        self._successors = [(r["plugin"], r["successor"]) for r in rows(FACTS, "plugins.csv") if r["successor"]]
        self._of_series: dict[str, tuple[list[Name], list[Name], str]] = {}

    def configuration(self, situation: Situation) -> bytes:
        """Return the report as compact JSON without its opening brace, so that a uuid can be put before it."""
        core, wishes, odd = situation.core, situation.wishes, situation.odd
        features, resources, repository = self._names(core.series)
        wanted_resources = [name for name in resources if name.wish in wishes.resources]
        plugins = self._plugins(situation, wanted_resources, repository)
        served = [
            name for name in features if name.wish in wishes.features and (not name.needs or name.needs in plugins)
        ]
        report: dict[str, Any] = {"core_version": core.text}
        if core.satellite:
            report["satellite_version"] = core.satellite
        report["proxies"] = _proxies(situation.proxies, served)
        report["plugins"] = [{"name": name, "version": version} for name, version in plugins.items()]
        report["compute_resources"] = [
            name.text
            for name in wanted_resources
            if not name.needs or name.needs in plugins
            for _ in range(wishes.resources[name.wish])
        ]
        if situation.is_newer_sender:
            report["hosts_count"] = wishes.hosts
            report["operatingsystem_families"] = host_families(wishes)
        if odd:
            make_odd(report, odd)
        return orjson.dumps(report)[1:]

    def _names(self, series: str) -> tuple[list[Name], list[Name], str]:
        if series not in self._of_series:
            self._of_series[series] = (
                [name for name in self._features if name.span.holds(series)],
                [name for name in self._resources if name.span.holds(series)],
                self._shipped.repository(series),
            )
        return self._of_series[series]

    def _plugins(self, situation: Situation, resources: list[Name], repository: str) -> dict[str, str]:
        """Return the versions of all plugins there are, by name and in its order, as Foreman lists them."""
        series, wishes = situation.core.series, situation.wishes
        versions = self._shipped.versions(repository)
        chosen = wishes.plugins + [name.needs for name in resources if name.needs]
        chosen += [new for old, new in self._successors if old in wishes.plugins and old not in versions]
        if "Puppet" in wishes.features and situation.proxies and PUPPET_IS_A_PLUGIN.holds(series):
            chosen.append("foreman_puppet")
        # Most changes leave the plugins alone, so what was worked out last is kept.
        origin = (series, *chosen)
        if situation.plugins[0] != origin:
            names = self._shipped.with_companions(chosen, series, repository)
            situation.plugins = (origin, {name: versions[name] for name in names})
        return situation.plugins[1]


def _span(row: dict[str, str]) -> Span:
    return Span(row["first_series"], row["last_series"])


def _proxies(proxies: list[Proxy], served: list[Name]) -> list[dict[str, Any]]:
    """Return the proxies as reported; one without any feature of its families serves all there are."""
    features: dict[frozenset[str], list[str]] = {}
    for families in dict.fromkeys(proxy.families for proxy in proxies):
        own = [name.text for name in served if not families or name.family in families]
        features[families] = list(dict.fromkeys(own or [name.text for name in served]))
    return [
        {"version": proxy.version if proxy.is_reachable else None, "features": features[proxy.families]}
        for proxy in proxies
    ]


def host_families(wishes: Wishes) -> dict[str, int]:
    """Return how many hosts run each family of operating systems; they sum up to all hosts."""
    total = sum(weight for _, weight in wishes.families)
    counts = {name: int(wishes.hosts * weight / total) for name, weight in wishes.families}
    counts[wishes.families[0][0]] += wishes.hosts - sum(counts.values())
    return {name: count for name, count in counts.items() if count}
