"""A: two downloads, before and after somebody is erased or set aside, differ by exactly that report.

The attacker knows when an installation is erased (the admin told, or the uuid leaked), and downloads `public.db` just
before and just after.  Every cell that has become smaller by one is claimed to be an attribute of the target.

With the defences off, before and after are fresh folders, as if all weeks were counted again after the erasure.
"""

import sqlite3
from contextlib import closing

from tests.privacy.model.published import Edition, editions
from tests.privacy.model.scene import Scene
from tests.privacy.model.scoring import Result, Score, best_guess
from tests.privacy.model.world import Attribute, World
from tests.transforms.given import Given

CHANGES = 4
LARGE, FEW = 1000, 10  # targets in large communities, where each takes long
WEEKS = 6  # of the log: what is older changes nothing of the last week


def erasure(scene: Scene) -> Result:
    """Try it on some targets, each in its own copy of the community."""
    world = scene.world.since(WEEKS)
    targets = scene.random.sample(sorted(world.last.standing), scene.targets if scene.installations < LARGE else FEW)
    house = scene.house(world.uploads)
    before = editions(house.settings.public)[-1]
    score, guesses = Score(), Score()
    for target in targets:
        own = world.last.standing[target].own
        score.add(difference(before, _after(scene, world, house, target)), own)
        guesses.add(best_guess(before), own)
    return Result("A", scene.installations, score.recall, guesses.recall, score.precision, score.targets)


def changes(scene: Scene) -> Result:
    """Change what a receiver has in every other way; success is a change that makes `public.db` another file."""
    house = scene.house(scene.world.since(WEEKS).uploads)
    first, second = scene.random.sample(sorted(scene.world.last.standing), 2)
    shown = house.settings.public.read_bytes()
    seen: list[bool] = []
    for change in (
        lambda: erase(house, first),
        lambda: house.settings.rules.write_text(f"field,value,first_day,last_day,reason\nuuid,{second},,,x\n"),
        lambda: house.environment.update(POPCON_MIN_GROUP="10"),
        lambda: None,  # but a rebuild
    ):
        change()
        house.refresh(scene.now, rebuild=len(seen) == CHANGES - 1)
        seen.append(house.settings.public.read_bytes() != shown)
    success = sum(seen) / CHANGES
    return Result("A file", scene.installations, success, 0.0, 1.0, CHANGES)


def difference(before: Edition, after: Edition) -> set[Attribute]:
    """Return what has become smaller by one."""
    return {attribute for attribute, figure in before.cells.items() if after.cells.get(attribute) == figure - 1}


def _after(scene: Scene, world: World, house: Given, target: str) -> Edition:
    if not scene.is_on:
        return scene.editions(world.without(target))[-1]
    erase(house, target)
    house.refresh(scene.now)
    return editions(house.settings.public)[-1]


def erase(house: Given, uuid: str) -> None:
    """Record an erasure as the receiver does."""
    with closing(sqlite3.connect(house.settings.log)) as log:
        recorded = "insert into purges (reason, recorded_at) values ('erasure', '2026-11-16T00:00:00Z')"
        purge_id = log.execute(recorded).lastrowid
        log.execute("insert into gaps select seq, seq, ? from uploads where uuid = ? order by seq", (purge_id, uuid))
        log.commit()
