"""One installation through the weeks: it is kept up, changes a little, falls silent, is cloned, and leaves one day."""

from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random

from simulation.chance import between, new_uuid, weeks_until
from simulation.history.releases import Release
from simulation.history.repositories import Shipped
from simulation.installations.odd_strings import odds
from simulation.installations.proxies import Proxying
from simulation.installations.report import Reporting, Situation
from simulation.installations.upgrades import Upgrading, Upkeep
from simulation.installations.wishes import Wishing
from simulation.networks import Networks
from simulation.tables import rates
from vocabulary.versions import series as series_of

WEEK_SECONDS = 7 * 86_400
NEWER_SENDERS_ON = date(2024, 11, 18).toordinal()  # made up: from then on packages hold a sender with further keys
NEVER = 10**6


@dataclass(slots=True)
class Installation:
    """All that is known of one, with the weeks (counted from the first) in which something is to happen to it."""

    uuid: str
    network: int
    moment: int  # seconds from Monday 00:00 UTC to its upload
    upkeep: Upkeep
    situation: Situation
    change_in: int
    silent_in: int
    leave_in: int
    clone_in: int
    silent_until: int = 0
    due_in: int = 0
    configuration: bytes = field(default=b"", repr=False)


class Life:
    """Brings installations to life and lets them live, all by one source of chance."""

    def __init__(self, installations: int, first_day: int, random: Random) -> None:
        self._random, self._first_day = random, first_day
        self._rates = rates()
        self._networks = Networks(installations)
        self._upgrading, self._proxying = Upgrading(), Proxying()
        self._has_satellites = first_day >= self._upgrading.satellites.first_on
        self._wishing = Wishing(has_satellites=self._has_satellites)
        self._reporting = Reporting(Shipped())
        self._odds = odds(first_day)

    def begin(self, week: int, *, is_fresh: bool) -> Installation:
        """Return an installation that is first heard of in that week: set up just now, or one with a past."""
        random, rate = self._random, self._rates
        moment = int(random.random() * (WEEK_SECONDS - 600))
        day = self._day(week, moment)
        is_satellite = self._has_satellites and random.random() < rate["satellites"]
        upkeep = self._upgrading.install(day, random, is_fresh=is_fresh, is_satellite=is_satellite)
        odd = self._odds.draw(random)
        if odd and odd.field == "core" and odd.text:
            upkeep.core = Release(series_of(odd.text), odd.text)
            upkeep.upgrade_on = upkeep.patch_on = date.max.toordinal()
        wishes = self._wishing.draw(random, is_satellite=is_satellite)
        proxies = self._proxying.set_up(wishes.proxies, upkeep.core, day, random)
        is_newer = day >= NEWER_SENDERS_ON and random.random() < rate["newer_sender"]
        new = Installation(
            uuid=new_uuid(random),
            network=self._networks.draw(random),
            moment=moment,
            upkeep=upkeep,
            situation=Situation(upkeep.core, wishes, proxies, is_newer, odd),
            change_in=week + weeks_until(random, rate["changes_a_week"]),
            silent_in=week + weeks_until(random, rate["fall_silent_a_week"]),
            leave_in=week + weeks_until(random, rate["leave_a_week"]),
            clone_in=week + weeks_until(random, 0.05) if random.random() < rate["cloned"] else NEVER,
        )
        self.rewrite(new)
        self._schedule(new)
        return new

    def live(self, one: Installation, week: int) -> Installation | None:
        """Let happen what is due in that week, and return the second machine if it was cloned."""
        random, day = self._random, self._day(week, one.moment)
        is_changed = self._look_after(one, day)
        if week >= one.change_in:
            is_changed = self._change(one, day) or is_changed
            one.change_in = week + weeks_until(random, self._rates["changes_a_week"])
        if week >= one.silent_in:
            one.silent_until = week + self._silence()
            one.silent_in = one.silent_until + weeks_until(random, self._rates["fall_silent_a_week"])
        if is_changed:
            self.rewrite(one)
        clone = self._clone(one, week) if week >= one.clone_in else None
        self._schedule(one)
        return clone

    def _day(self, week: int, moment: int) -> int:
        return self._first_day + 7 * week + moment // 86_400

    def rewrite(self, one: Installation) -> None:
        """Write its report again, after something about it has changed."""
        one.configuration = self._reporting.configuration(one.situation)

    def _schedule(self, one: Installation) -> None:
        """Work out in which week to look at it next; until then it repeats itself."""
        kept_up_in = -((self._day(0, one.moment) - one.upkeep.due_on) // 7)
        one.due_in = min(one.change_in, one.silent_in, one.leave_in, one.clone_in, kept_up_in)

    def _look_after(self, one: Installation, day: int) -> bool:
        if day < one.upkeep.due_on or not self._upgrading.look_after(one.upkeep, day, self._random):
            return False
        situation = one.situation
        situation.core = one.upkeep.core
        self._proxying.follow_core(situation.proxies, situation.core, day, self._random)
        if day >= NEWER_SENDERS_ON and not situation.is_newer_sender:
            situation.is_newer_sender = self._random.random() < self._rates["newer_sender"]
        return True

    def _change(self, one: Installation, day: int) -> bool:
        """Change a little something other than the version; return False where that came to nothing."""
        random, situation = self._random, one.situation
        if self._proxying.lose_or_regain(situation.proxies, random):
            return True
        if random.random() < 0.5 and self._proxying.catch_up(situation.proxies, situation.core, day):
            return True
        kind = random.random()
        if situation.is_newer_sender and kind < 0.6:
            situation.wishes.hosts = max(0, round(situation.wishes.hosts * between(random, 0.93, 1.07)))
        elif kind < 0.75:
            self._wishing.redraw_resource(situation.wishes, random)
        elif kind < 0.85:
            self._wishing.redraw_feature(situation.wishes, random)
        else:
            self._wishing.redraw_plugins(situation.wishes, random)
        return True

    def _silence(self) -> int:
        if self._random.random() < self._rates["silent_one_week"]:
            return 1
        return 1 + weeks_until(self._random, 1 / self._rates["silent_weeks_mean"])

    def _clone(self, one: Installation, week: int) -> Installation:
        """Return a second machine restored from the first one's backup: one uuid, and from now on two histories."""
        one.clone_in = NEVER
        clone = replace(one, upkeep=replace(one.upkeep), situation=deepcopy(one.situation))
        clone.moment = int(self._random.random() * (WEEK_SECONDS - 600))
        clone.change_in = week + 1
        clone.leave_in = week + weeks_until(self._random, self._rates["leave_a_week"])
        clone.upkeep.upgrade_on += 45  # it is the copy for trying things, or the one that was replaced
        self._schedule(clone)
        return clone
