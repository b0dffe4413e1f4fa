"""Which plugin version shipped for which Foreman series, and which other plugins a plugin brings along."""

from collections import defaultdict
from typing import NamedTuple

from simulation.tables import CATALOG, FACTS, rows
from vocabulary.versions import core_order

LATEST = "develop"  # the package repository that stands for every series after the last one listed


class Span(NamedTuple):
    """The series from `first` to `last`, both included; an empty end is open."""

    first: str
    last: str

    def holds(self, series: str) -> bool:
        """Return whether the series is one of them."""
        order = core_order(series)
        from_first = not self.first or core_order(self.first) <= order
        return from_first and (not self.last or order <= core_order(self.last))


class Shipped:
    """The package repositories of all series."""

    def __init__(self) -> None:
        self._versions: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for row in [*rows(CATALOG, "plugin_versions.csv"), *rows(FACTS, "katello_versions.csv")]:
            # Two series hold two versions of a plugin; the table names the newer one first.
            self._versions[row["series"]].setdefault(row["plugin"], row["version"])
        listed = [series for series in self._versions if series != LATEST]
        self._listed = sorted(listed, key=core_order)
        self._companions: defaultdict[str, list[tuple[str, Span]]] = defaultdict(list)
        for row in rows(FACTS, "companions.csv"):
            span = Span(row["first_series"], row["last_series"])
            self._companions[row["plugin"]].append((row["companion"], span))
        self._brought: dict[str, dict[str, list[str]]] = {}

    def repository(self, series: str) -> str:
        """Return the series whose packages an installation of `series` has.

        That is `series` itself; for one that was never released (1.25) the next that was (2.0); after the last
        one listed `LATEST`; before the first one listed, where nothing was packaged, `series` as it is.
        """
        order = core_order(series)
        if order < core_order(self._listed[0]):
            return series
        return next((listed for listed in self._listed if core_order(listed) >= order), LATEST)

    def versions(self, repository: str) -> dict[str, str]:
        """Return the version of each plugin of the repository, by name."""
        return self._versions.get(repository, {})

    def with_companions(self, chosen: list[str], series: str, repository: str) -> list[str]:
        """Return, in the order of names, those of `chosen` that the repository holds and what they bring along."""
        versions = self.versions(repository)
        brought = self._brought_in(series)
        found: set[str] = set()
        waiting = list(chosen)
        while waiting:
            plugin = waiting.pop()
            if plugin in versions and plugin not in found:
                found.add(plugin)
                waiting += brought.get(plugin, ())
        return sorted(found)

    def _brought_in(self, series: str) -> dict[str, list[str]]:
        if series not in self._brought:
            self._brought[series] = {
                plugin: [companion for companion, span in companions if span.holds(series)]
                for plugin, companions in self._companions.items()
            }
        return self._brought[series]
