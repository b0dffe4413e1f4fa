"""What the noise costs readers: how far figures are off, and how often an order of plugins is right."""

from dataclasses import dataclass
from itertools import combinations

from tests.privacy.model.scene import Scene

_CROSSED = {"plugin_versions"}
_COMMONEST = 10
_ERROR_MAX = {150: 0.013, 300: 0.013, 1000: 0.002, 3000: 0.002}
_ORDER_MIN = 0.97


@dataclass(frozen=True)
class Utility:
    """Of all weeks of one community, cross tables aside."""

    installations: int
    error: float  # mean distance of a figure from the true count, in points of the established
    order: float  # of all pairs among the ten commonest plugins, the part that is in the right order

    @property
    def is_near(self) -> bool:
        """Return whether figures are as near to the true counts as they should be."""
        return self.error <= _ERROR_MAX[self.installations]

    @property
    def is_ordered(self) -> bool:
        """Return whether enough pairs are in order; in 150 installations not quite."""
        return self.order >= _ORDER_MIN


def utility(scene: Scene) -> Utility:
    """Compare what is published with the truth."""
    errors: list[float] = []
    in_order: list[bool] = []
    truth = {week.week_start: week for week in scene.world.weeks}
    for edition in scene.published:
        week = truth[edition.week_start]
        counts = week.counts()
        errors += [
            abs(figure - counts[attribute]) / len(week.standing)
            for attribute, figure in edition.cells.items()
            if attribute[0] not in _CROSSED
        ]
        plugins = sorted((one for one in counts if one[0] == "plugins"), key=lambda one: -counts[one])[:_COMMONEST]
        in_order += [
            edition.cells.get(more, 0) > edition.cells.get(less, 0)
            for more, less in combinations(plugins, 2)
            if counts[more] > counts[less]
        ]
    return Utility(scene.installations, sum(errors) / len(errors), sum(in_order) / len(in_order))
