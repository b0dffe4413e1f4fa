"""Releases by day: what could be installed.  A day is `date.toordinal()`, a series such as "3.9"."""

from bisect import bisect_right
from collections import defaultdict
from datetime import date
from typing import NamedTuple

from simulation.tables import CATALOG, FACTS, rows
from vocabulary.versions import LAST, core_order, series, stage

AFTER_LAST = "5.1"  # the series under way since 5.0 was branched; no release of it is in the catalogue yet


class Release(NamedTuple):
    """One release: `text` is what an installation of it reports; `satellite` its version as a Satellite, or empty."""

    series: str
    text: str
    satellite: str = ""


def order_of(version: str) -> str:
    """Return the text by which a version of the release calendar sorts.  Raise ValueError where it has no order."""
    order = core_order(version)
    if order.startswith(LAST):
        raise ValueError(f"{version!r} in the release calendar: give a version such as 3.9.1 or 3.9.0-rc2")
    return order


class _Newest:
    """The newest version as time passes: add in order of day, ask for any day."""

    def __init__(self) -> None:
        self._days: list[int] = []
        self._releases: list[Release] = []
        self._highest = ""

    def add(self, day: int, order: str, release: Release) -> None:
        if order > self._highest:
            self._highest = order
            self._days.append(day)
            self._releases.append(release)

    @property
    def first_on(self) -> int:
        return self._days[0]

    def on(self, day: int) -> Release:
        return self._releases[max(bisect_right(self._days, day) - 1, 0)]


class Releases:
    """Releases of the core or of the proxy by day.  `series` holds every series in order, oldest first."""

    def __init__(self, file: str = "releases.csv") -> None:
        self._final, self._any = _Newest(), _Newest()
        self._patches: defaultdict[str, _Newest] = defaultdict(_Newest)
        self._branched: dict[str, int] = {}
        self._days: dict[str, int] = {}
        for row in sorted(rows(CATALOG, file), key=lambda row: row["released_on"]):
            self._add(row["version"], date.fromisoformat(row["released_on"]).toordinal(), row["reported_version"])
        self.series = sorted(self._branched, key=core_order)
        self._names = {row["series"]: row["develop_version"] for row in rows(FACTS, "develop_names.csv")}
        self._develop = [
            (self._branched[series], self._develop_of(following))
            for series, following in zip(self.series, [*self.series[1:], AFTER_LAST], strict=True)
        ]

    def _add(self, version: str, day: int, text: str) -> None:
        order, release = order_of(version), Release(series(version), text)
        self._branched.setdefault(release.series, day)
        self._days.setdefault(text, day)
        self._any.add(day, order, release)
        if stage(version) == "release":
            self._final.add(day, order, release)
            self._patches[release.series].add(day, order, release)

    def _develop_of(self, series: str) -> Release:
        return Release(series, self._names.get(series, f"{series}.0-develop"))

    def newest(self, day: int) -> Release:
        """Return the highest final release that was out on that day (the very first one before its day)."""
        return self._final.on(day)

    def newest_candidate(self, day: int) -> Release:
        """Return the highest release or candidate that was out on that day."""
        return self._any.on(day)

    def patched(self, series: str, day: int) -> Release | None:
        """Return the highest final release of the series that was out on that day; None where there was none."""
        patches = self._patches.get(series)
        return patches.on(day) if patches and patches.first_on <= day else None

    def was_out(self, text: str, day: int) -> bool:
        """Return whether a release that reports this text was out on that day."""
        return self._days.get(text, day + 1) <= day

    def develop(self, day: int) -> Release:
        """Return what a nightly build of that day reports: the series after the one branched last."""
        position = bisect_right(self._develop, day, key=lambda branch: branch[0])
        return self._develop[max(position - 1, 0)][1]


class SatelliteReleases:
    """Red Hat Satellite's releases, asked like `Releases`: a Satellite reports a Foreman version and its own."""

    def __init__(self) -> None:
        self._newest = _Newest()
        for row in rows(FACTS, "satellites.csv"):
            core, own = row["core_version"], row["satellite_version"]
            day = date.fromisoformat(row["released_on"]).toordinal()
            self._newest.add(day, order_of(own), Release(series(core), core, own))
        self.first_on = self._newest.first_on

    def newest(self, day: int) -> Release:
        """Return the highest Satellite that was out on that day (the first one before its day)."""
        return self._newest.on(day)

    newest_candidate = develop = newest

    def patched(self, series: str, day: int) -> Release | None:  # noqa: ARG002  (the same question as to Releases)
        """Return None: a Satellite's own patches do not show in what it reports."""
        return None
