"""When an admin upgrades and to what: along the real calendar, each with a diligence of its own.

A release is never taken before its day: every question to the calendar is asked for a day that has come.
"""

import math
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from simulation.chance import Weighted, between
from simulation.history.releases import Release, Releases, SatelliteReleases
from simulation.tables import FACTS, rates, rows
from vocabulary.versions import core_order


class Admin(NamedTuple):
    """A kind of admin: looks for an upgrade every so many days, and wants it to have been out for `caution_days`."""

    kind: str
    takes: str
    upgrade_every_days: int
    caution_days: int
    patch_every_days: int


@dataclass(slots=True)
class Upkeep:
    """The core of one installation and the days on which its admin looks after it next."""

    admin: Admin
    core: Release
    calendar: Releases | SatelliteReleases
    upgrade_on: int
    patch_on: int

    @property
    def due_on(self) -> int:
        return min(self.upgrade_on, self.patch_on)


class Upgrading:
    """Installs cores and keeps them up."""

    def __init__(self) -> None:
        admins = [
            (
                Admin(
                    row["kind"],
                    row["takes"],
                    int(row["upgrade_every_days"]),
                    int(row["caution_days"]),
                    int(row["patch_every_days"]),
                ),
                float(row["share_percent"]),
            )
            for row in rows(FACTS, "admins.csv")
        ]
        self._admins = Weighted(admins)
        self._foreman, self.satellites = Releases(), SatelliteReleases()
        self._old_age = rates()["old_age_days_mean"]

    def install(self, day: int, random: Random, *, is_fresh: bool, is_satellite: bool) -> Upkeep:
        """Return the upkeep of an installation on the day it is first heard of: fresh, or one that has a past."""
        admin = self._admins.draw(random)
        calendar = self.satellites if is_satellite else self._foreman
        upkeep = Upkeep(admin, calendar.newest(day), calendar, day, day)
        if not is_fresh:
            if admin.kind == "never_upgrades":
                age = -math.log(1 - random.random()) * self._old_age
            else:
                age = random.random() * admin.upgrade_every_days
            upkeep.core = calendar.newest(int(day - age - admin.caution_days))
            last_patch = day - int(min(age, random.random() * admin.patch_every_days))
            upkeep.core = calendar.patched(upkeep.core.series, last_patch) or upkeep.core
        if admin.takes != "releases":
            upkeep.core = self._wanted(upkeep, day)
        # Whoever begins to report is somewhere between two of their occasions.
        upkeep.upgrade_on = day + 1 + int(random.random() * admin.upgrade_every_days)
        upkeep.patch_on = day + 1 + int(random.random() * admin.patch_every_days)
        return upkeep

    def look_after(self, upkeep: Upkeep, day: int, random: Random) -> bool:
        """Do what is due on that day, and return whether the core's version changed."""
        before = upkeep.core
        if day >= upkeep.upgrade_on:
            wanted = self._wanted(upkeep, day)
            if upkeep.admin.takes == "develop" or _is_newer(wanted, before):
                upkeep.core = wanted
            upkeep.upgrade_on = day + 1 + int(upkeep.admin.upgrade_every_days * between(random, 0.5, 1.4))
        if day >= upkeep.patch_on:
            patched = upkeep.calendar.patched(upkeep.core.series, day) or upkeep.core
            if upkeep.admin.takes == "releases" and _is_newer(patched, upkeep.core):
                upkeep.core = patched
            upkeep.patch_on = day + 1 + int(upkeep.admin.patch_every_days * between(random, 0.5, 1.4))
        return upkeep.core != before

    def _wanted(self, upkeep: Upkeep, day: int) -> Release:
        if upkeep.admin.takes == "develop":
            return upkeep.calendar.develop(day)
        if upkeep.admin.takes == "candidates":
            return upkeep.calendar.newest_candidate(day - upkeep.admin.caution_days)
        return upkeep.calendar.newest(day - upkeep.admin.caution_days)


def _is_newer(one: Release, other: Release) -> bool:
    if one.satellite:
        return core_order(one.satellite) > core_order(other.satellite)
    return core_order(one.text) > core_order(other.text)
