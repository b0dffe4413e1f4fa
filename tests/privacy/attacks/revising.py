"""R: what `revise` tells of somebody who was erased since the weeks were published.

The attacker downloads `public.db` before and after a revision of weeks in which the target counted.  In the second form
the revision undoes their own doing: four fakes with every plugin, one less than a change that shows, which a rule has
set aside.  Then a figure changes only if the target was in the cell, too.

Of the old product there was no revision: with the defences off, this is today's without noise, which does not count who
is erased out of what a revision compares with.
"""

from contextlib import nullcontext
from unittest.mock import patch

from tests.campaign import length
from tests.privacy.attacks.erasure import erase
from tests.privacy.model import before, fakes
from tests.privacy.model.published import Edition, editions
from tests.privacy.model.scene import Scene
from tests.privacy.model.scoring import Result, Score, best_guess
from tests.privacy.model.world import PLUGINS, Attribute, World
from transforms.editions.publisher import Revision
from transforms.pipeline import refresh

WEEKS, FAKE_WEEKS = 6, 4  # of the log; in which fakes report
TARGETS_MAX = length(2, 5)


def erased_in_range(scene: Scene) -> Result:
    """Revise after an erasure alone."""
    return _revised("R", scene, fakes_made=0)


def erased_with_fakes(scene: Scene) -> Result:
    """Revise after an erasure, and after a rule against fakes."""
    return _revised("R fakes", scene, fakes_made=before.K - 1)


def _revised(attack: str, scene: Scene, fakes_made: int) -> Result:
    world = scene.world.since(WEEKS)
    score, guesses = Score(), Score()
    some = scene.random.sample(sorted(world.last.standing), min(TARGETS_MAX, scene.targets))
    for target in some:
        own = {one for one in world.last.standing[target].own if one[0] == "plugins"}
        old, new = _editions(scene, world, target, fakes_made)
        score.add(changed(old, new), own)
        guesses.add({one for one in best_guess(old) if one[0] == "plugins"}, own)
    return score.net_of(attack, scene.installations, guesses)


def changed(old: Edition, new: Edition) -> set[Attribute]:
    """Return the plugins whose figure is another one now."""
    names = {one for one in old.cells.keys() | new.cells.keys() if one[0] == "plugins"}
    return {one for one in names if old.cells.get(one) != new.cells.get(one)}


def _editions(scene: Scene, world: World, target: str, fakes_made: int) -> tuple[Edition, Edition]:
    made_up = list(fakes.uploads(world, [fakes.report(sorted(PLUGINS))] * fakes_made, scene.random, FAKE_WEEKS))
    house = scene.house(sorted([*world.uploads, *made_up], key=lambda upload: upload[0]))
    old = editions(house.settings.public)[-1]
    erase(house, target)
    lines = [f"uuid,{uuid},,,fake" for uuid in sorted({body["uuid"] for _, body, _ in made_up})]
    house.settings.rules.write_text("\n".join(["field,value,first_day,last_day,reason", *lines]) + "\n")
    with nullcontext() if scene.is_on else patch("transforms.pipeline.count_out"):
        refresh(house.settings, scene.now, revision=Revision(old.week_start, "reports that were made up"))
    return old, editions(house.settings.public)[-1]
