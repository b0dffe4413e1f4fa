"""The community week by week: arrivals, everybody's upload at its own moment, and hostile ones among them."""

from collections.abc import Iterator, Sequence
from datetime import date
from random import Random

from simulation.installations.installation import WEEK_SECONDS, Installation, Life
from simulation.networks import network_tag, weekly_salt
from simulation.scenarios import SCENARIOS, Hostile, Plan
from simulation.tables import rates
from simulation.uploads import EPOCH, Upload

DEFAULT_UNTIL = date(2026, 11, 16)
EARLIEST = date(2012, 1, 2)


class CommunityError(ValueError):
    """A community that cannot be made; the message says what would do."""


class Community:
    """A community of `installations` in all over `weeks` weeks, the last of which ends before the Monday `until`.

    Iterate as often as you like: the same arguments give the same uploads.  Memory holds the installations and
    one week's order, never the uploads.
    """

    def __init__(
        self,
        installations: int,
        weeks: int,
        seed: int,
        *,
        until: date = DEFAULT_UNTIL,
        scenarios: Sequence[str] = (),
    ) -> None:
        """Raise CommunityError where the figures cannot be had."""
        first_day = until.toordinal() - 7 * weeks
        if installations < 0 or weeks < 1:
            raise CommunityError("give 0 installations or more, and 1 week or more")
        if until.weekday():
            raise CommunityError(f"until {until}: give a Monday, such as {DEFAULT_UNTIL}")
        if first_day < EARLIEST.toordinal():
            raise CommunityError(f"{weeks} weeks until {until}: give fewer, none begins before {EARLIEST}")
        self.installations, self.weeks, self.seed = installations, weeks, seed
        self.first_day = first_day
        unknown = [name for name in scenarios if name not in SCENARIOS]
        if unknown:
            raise CommunityError(f"scenario {unknown[0]!r}: give one of {', '.join(SCENARIOS)}")
        self.scenarios = tuple(dict.fromkeys(scenarios))

    def lines(self) -> Iterator[bytes]:
        """Yield the uploads as lines of newline-delimited JSON, in order of time."""
        for upload in self.uploads():
            yield upload.line()

    def uploads(self) -> Iterator[Upload]:
        """Yield the uploads in order of time."""
        random = Random(self.seed)
        life = Life(self.installations, self.first_day, random)
        plan = Plan(self.seed, self.weeks, self.first_day)
        hostile = [SCENARIOS[name](plan) for name in self.scenarios]
        living: list[Installation] = []
        begun = 0
        for week in range(self.weeks):
            arrived = self._arrived_by(week)
            living += [self._arrival(life, week, random) for _ in range(begun, arrived)]
            begun = arrived
            living = _live(life, living, week)
            unasked = [upload for scenario in hostile for upload in scenario.uploads(week)]
            yield from self._week(week, living, unasked, random)

    def _arrived_by(self, week: int) -> int:
        """Return how many installations have appeared by that week: most at the start, the rest evenly since."""
        growth = rates()["new_a_week"]
        return round(self.installations * (1 + growth * week) / (1 + growth * (self.weeks - 1)))

    @staticmethod
    def _arrival(life: Life, week: int, random: Random) -> Installation:
        is_fresh = week > 0 and random.random() < rates()["freshly_installed"]
        return life.begin(week, is_fresh=is_fresh)

    def _week(self, week: int, living: list[Installation], unasked: list[Hostile], random: Random) -> Iterator[Upload]:
        """Yield the uploads of one week by moment; those of the same second by who has been here longer."""
        monday = (self.first_day + 7 * week - EPOCH) * 86_400
        again = rates()["sent_again"]
        # One whole number sorts faster than a pair: the second in the upper half, the place in `living` in the lower.
        order = []
        for place, one in enumerate(living):
            if one.silent_until <= week:
                second = one.moment + int(random.random() * 300)
                order.append(second << 32 | place)
                if random.random() < again:
                    order.append(min(second + 60, WEEK_SECONDS - 1) << 32 | place)
        order += [hostile.second << 32 | len(living) + number for number, hostile in enumerate(unasked)]
        order.sort()
        salt, honest = weekly_salt(self.seed, week), len(living)
        for key in order:
            second, place = monday + (key >> 32), key & 0xFFFFFFFF
            if place < honest:
                one = living[place]
                yield Upload(second, one.uuid, one.configuration, network_tag(salt, one.network), "")
            else:
                bad = unasked[place - honest]
                yield Upload(second, bad.uuid, bad.configuration, network_tag(salt, bad.network), bad.scenario)


def _live(life: Life, living: list[Installation], week: int) -> list[Installation]:
    """Let everybody live through the week, and return those who are still there, with their clones."""
    staying = []
    for one in living:
        if one.due_in <= week:
            if one.leave_in <= week:
                continue
            clone = life.live(one, week)
            if clone:
                staying.append(clone)
        staying.append(one)
    return staying
