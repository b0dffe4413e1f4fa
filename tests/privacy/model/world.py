"""The truth that guesses are scored against: who counts in each week of a simulated community, and with what."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from simulation.community import Community
from simulation.uploads import instant_text
from tests.transforms.simulated import UNTIL, Dated
from tests.transforms.test_recount import weeks_of
from vocabulary.catalogue import Catalogue
from vocabulary.reading import counted_as, read
from vocabulary.versions import series

Attribute = tuple[str, str, str]  # mart, parent, name: plugins, '', katello
Attributes = frozenset[Attribute]

# What of an installation counts as an attribute that somebody could want to know.
MARTS = frozenset(
    {
        "plugins",
        "plugin_versions",
        "core_versions",
        "core_series",
        "compute_resources",
        "proxy_features",
        "proxy_versions",
        "proxy_skew",
        "sizes",
        "facts",
    }
)
CATALOGUE = Catalogue.read()
PLUGINS = frozenset(name for _, name in CATALOGUE.known["plugins"])


class Standing(NamedTuple):
    """What one installation that counts has last reported."""

    own: Attributes
    report: dict[str, Any]
    tag: str | None  # of its network
    in_week: str  # Monday of the week of that report


@dataclass(frozen=True)
class Week:
    """One closed week: everybody who counts at its end, by uuid."""

    week_start: str
    standing: dict[str, Standing]

    def counts(self) -> Counter[Attribute]:
        """Return how many have each attribute."""
        return Counter(attribute for one in self.standing.values() for attribute in one.own)

    def holders(self, mart: str) -> dict[str, set[str]]:
        """Return who has each name of a mart without parents."""
        holders: dict[str, set[str]] = {}
        for uuid, one in self.standing.items():
            for of, _, name in one.own:
                if of == mart:
                    holders.setdefault(name, set()).add(uuid)
        return holders


@dataclass(frozen=True)
class World:
    """A community: its uploads in order of time, and the truth by week."""

    uploads: list[Dated]
    weeks: list[Week]

    @property
    def last(self) -> Week:
        return self.weeks[-1]

    def since(self, weeks: int) -> "World":
        """Return the same community with a log that holds its last weeks alone."""
        first = self.weeks[-weeks].week_start
        return world_of([upload for upload in self.uploads if upload[0] >= first])

    def joined_by(self, more: Iterable[Dated]) -> "World":
        """Return the community with further uploads among its own."""
        return world_of(sorted([*self.uploads, *more], key=lambda upload: upload[0]))

    def without(self, uuid: str) -> list[Dated]:
        """Return the uploads of all others."""
        return [upload for upload in self.uploads if upload[1]["uuid"] != uuid]


@lru_cache(64)
def simulated(installations: int, weeks: int, seed: int) -> World:
    """Return a community of the simulation."""
    bodies: dict[tuple[str, bytes], dict[str, Any]] = {}  # one for each distinct report, so that it is read once
    some: list[Dated] = []
    for upload in Community(installations, weeks, seed, until=UNTIL).uploads():
        key = upload.uuid, upload.configuration
        if key not in bodies:
            bodies[key] = orjson.loads(upload.body())
        some.append((instant_text(upload.received_at), bodies[key], upload.network_tag))
    return world_of(some)


def world_of(some: list[Dated]) -> World:
    """Return these uploads with what is true of them."""
    return World(some, list(_weeks(some)))


def _weeks(some: list[Dated]) -> Iterator[Week]:
    seen: dict[int, Attributes] = {}  # by the place of a body in memory: `some` keeps it there
    for week_start, active, counted in weeks_of(some):
        standing = {}
        for uuid in sorted(counted):
            in_week, report, tag = active[uuid]
            if id(report) not in seen:
                seen[id(report)] = attributes_of(report)
            standing[uuid] = Standing(seen[id(report)], report, tag, in_week.isoformat())
        yield Week(week_start, standing)


def attributes_of(report: dict[str, Any]) -> Attributes:
    """Return everything that a report counts under in a public table."""
    reading = read(report, CATALOGUE)
    keys = {(key.mart, key.parent, key.name) for key in counted_as(reading, CATALOGUE)}
    return frozenset({key for key in keys if key[0] in MARTS} | {("core_series", "", series(reading.core_version))})
