"""B and M against noise: what fakes with a target's rare plugin tell when every draw is weighed by its likelihood.

The attacker knows one rare plugin R of each target, and makes up 60 fakes with R and every other plugin, from several
networks, on four series and with three versions of R.  So how many have R and X is 60, or 61 if the target has X; the
same of series and versions.  They watch 26 weeks, in which cross tables are published twice, and know how the noise is
drawn, and what installations look like in a community that they simulated.

Targets get their rare plugin from this module: one that nobody else has, so that each of them is as anybody else is.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import exp, log

from tests.privacy.model import fakes
from tests.privacy.model.published import CrossTables, cross_tables
from tests.privacy.model.scene import Scene
from tests.privacy.model.world import PLUGINS, Attribute, World, simulated
from tests.transforms.simulated import Dated
from transforms.weeks.noise import chances

WEEKS, FAKE_WEEKS = 22, 17  # of the log; in which fakes report: from the week before the first of two cross weeks
CROSS_WEEKS = 2  # in 26 weeks
SHOWN_FROM = 10  # in cross tables
SERIES, PER_SERIES, VERSIONS = 4, 15, ("1.0.0", "1.1.0", "2.0.0")
FAKES = SERIES * PER_SERIES
_IMPOSSIBLE = 1e-9
_LIKE = (1000, 6, 5001)  # installations, weeks and seed of the community that the attacker simulated

Lists = Counter[frozenset[str]]


@dataclass(frozen=True)
class Target:
    """Somebody whose plugin `known` nobody else has, and what the attacker wants to learn."""

    uuid: str
    known: str
    version: str
    plugins: frozenset[str]
    series: str
    attributes: int  # all that it reports: plugins and versions, features, series, resources, bands, words


@dataclass(frozen=True)
class Watched:
    """What was published of the community and its fakes."""

    targets: list[Target]
    tables: CrossTables
    others: list[str]  # the plugins that fakes have besides
    is_exact: bool


@lru_cache(4)
def like() -> tuple[Lists, dict[str, int]]:
    """Return the plugin lists that the attacker simulated, and how many are on each of the commonest series."""
    standing = simulated(*_LIKE).last.standing.values()
    series = Counter(name for one in standing for mart, _, name in one.own if mart == "core_series")
    return Counter(plugins for one in standing if (plugins := _plugins(one.own))), dict(series.most_common(SERIES))


def watch(scene: Scene) -> Iterator[Watched]:
    """Yield each community of a scene with its fakes."""
    for number in range(scene.communities):
        yield _watched(scene.other(scene.seed + number))


@lru_cache(8)
def _watched(scene: Scene) -> Watched:
    world = simulated(scene.installations, max(scene.weeks, WEEKS), scene.seed).since(WEEKS)
    targets = _targets(scene, world)
    others = sorted(PLUGINS - {one.known for one in targets})
    marked = {one.uuid: {"name": one.known, "version": one.version} for one in targets}
    reports = [_report(one.known, others, number) for one in targets for number in range(FAKES)]
    some = [*_marked(world, marked), *fakes.uploads(world, reports, scene.random, FAKE_WEEKS)]
    house = scene.house(sorted(some, key=lambda upload: upload[0]))
    return Watched(targets, cross_tables(house.settings.public, CROSS_WEEKS), others, not scene.is_on)


def _targets(scene: Scene, world: World) -> list[Target]:
    free = sorted(PLUGINS - {name for week in world.weeks for name in week.holders("plugins")})
    first = world.weeks[-FAKE_WEEKS].standing.keys()
    there = [uuid for uuid, one in sorted(world.last.standing.items()) if uuid in first and _plugins(one.own)]
    chosen = scene.random.sample(there, min(scene.targets, len(there), len(free)))
    return [
        Target(uuid, known, VERSIONS[number % len(VERSIONS)], _plugins(own), _series(own), len(own) + 2)
        for number, (uuid, known) in enumerate(zip(chosen, free, strict=False))
        for own in [world.last.standing[uuid].own]
    ]


def _marked(world: World, marked: Mapping[str, dict[str, str]]) -> Iterator[Dated]:
    for at, body, tag in world.uploads:
        known = marked.get(body["uuid"])
        yield at, body | {"plugins": [*body.get("plugins", []), known]} if known else body, tag


def _report(known: str, others: list[str], number: int) -> fakes.Report:
    said = fakes.report(others, f"{list(like()[1])[number // PER_SERIES]}.0")
    said["plugins"].append({"name": known, "version": VERSIONS[number % len(VERSIONS)]})
    return said


def _plugins(own: frozenset[Attribute]) -> frozenset[str]:
    return frozenset(name for mart, _, name in own if mart == "plugins")


def _series(own: frozenset[Attribute]) -> str:
    return next(name for mart, _, name in own if mart == "core_series")


def evidence(figures: list[int | None], made_up: int, *, is_exact: bool) -> float:
    """Return the logarithm of how much likelier these figures of a cell are if the target is in it."""
    return sum(
        log(_chance(figure, made_up + 1, is_exact=is_exact) / _chance(figure, made_up, is_exact=is_exact))
        for figure in figures
    )


def _chance(figure: int | None, members: int, *, is_exact: bool) -> float:
    noise = {0: 1.0} if is_exact else chances()
    if figure is None:
        return sum(chance for one, chance in noise.items() if members + one < SHOWN_FROM) or _IMPOSSIBLE
    return noise.get(figure - members, 0) or _IMPOSSIBLE


def believed(of_plugin: Mapping[str, float]) -> Counter[frozenset[str]]:
    """Return how likely each plugin list is, by the evidence for each plugin: weights that have any sum."""
    lists = like()[0]
    weights = {one: log(count) + sum(of_plugin.get(name, 0) for name in one) for one, count in lists.items()}
    largest = max(weights.values())
    return Counter({one: exp(weight - largest) for one, weight in weights.items()})


def likely(beliefs: Counter[frozenset[str]]) -> set[str]:
    """Return the plugins that the target has rather than not."""
    half = sum(beliefs.values()) / 2
    of_plugin: Counter[str] = Counter()
    for one, weight in beliefs.items():
        for name in one:
            of_plugin[name] += weight
    return {name for name, weight in of_plugin.items() if weight > half}
