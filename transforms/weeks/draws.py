"""The published figure of each cell of a week, and what is kept of it privately."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from transforms.weeks.noise import BOUND, Count, NoiseKey

Cell = tuple[str, str, str]  # mart, parent, name
_CROSS_TABLES = ("plugin_pairs", "plugin_series")


@dataclass(frozen=True)
class Published:
    """What a week showed, when it is counted again."""

    figures: Mapping[Cell, int]
    true_counts: Mapping[bytes, int]  # by cell id, when each figure was drawn; of hidden cells too
    min_change: int  # a cell keeps its figure unless its true count has changed by so much


@dataclass
class Draws:
    """Gives every cell of one week its figure.

    A figure is the true count and its noise; 0 for an empty cell.  With `published`, a figure that stays is the one
    that was shown, and 0 where none was.
    """

    key: NoiseKey
    is_exact: bool  # no noise
    week_start: str
    revision: int = 1
    published: Published | None = None
    true_counts: dict[bytes, int] = field(default_factory=dict)  # to be kept, by cell id

    def __post_init__(self) -> None:
        self._names: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        self._ids: defaultdict[tuple[str, str], list[bytes]] = defaultdict(list)
        for mart, parent, name in self.published.figures if self.published else ():
            self._names[mart, parent].add(name)

    @property
    def bound(self) -> int:
        """Return how far a figure can be from the true count."""
        return 0 if self.is_exact else BOUND

    @property
    def can_be_subtracted(self) -> bool:
        """Return whether what is left of a total tells an exact count, so that small rests have to hide too.

        Not of a revision, whose figures are of different times.
        """
        return self.is_exact and self.published is None

    @property
    def published_groups(self) -> set[tuple[str, str]]:
        """Return every (mart, parent) of which the week showed something."""
        return set(self._names)

    @property
    def published_marts(self) -> set[str]:
        """Return every mart of which the week showed something."""
        return {mart for mart, _ in self._names}

    @property
    def crossed(self) -> dict[str, int]:
        """Return the plugins of which the week showed what goes with them, with the figures that it showed."""
        if not self.published:
            return {}
        plugins = {parent for mart, parent in self._names if mart in _CROSS_TABLES}
        others = (names for (mart, _), names in self._names.items() if mart == "plugin_pairs")
        return {plugin: self.published.figures.get(("plugins", "", plugin), 0) for plugin in plugins.union(*others)}

    def published_names(self, mart: str, parent: str = "") -> set[str]:
        """Return the names that the week showed: they may be empty cells by now, which need a figure all the same."""
        return self._names.get((mart, parent), set())

    def stays(self, mart: str, parent: str, name: str, count: Count) -> bool:
        """Return whether a cell keeps the figure that the week showed, or stays hidden."""
        return self._stays(self.key.cell_id((mart, parent, name)), count)

    def figure(self, mart: str, parent: str, name: str, count: Count) -> int:
        cell = (mart, parent, name)
        cell_id = self.key.cell_id(cell)
        if self.published and self._stays(cell_id, count):
            self._keep(cell, cell_id, self.published.true_counts.get(cell_id, 0))
            return self.published.figures.get(cell, 0)
        self._keep(cell, cell_id, count.installations)
        if self.is_exact or not count.installations:
            return count.installations
        return max(0, count.installations + self.key.noise(self.week_start, self.revision, cell, count.record_keys))

    def forget(self, mart: str, parent: str) -> None:
        """Keep nothing of a group that hides with its parent: when that is back, each cell is drawn anew."""
        for cell_id in self._ids.pop((mart, parent), ()):
            self.true_counts.pop(cell_id, None)

    def _stays(self, cell_id: bytes, count: Count) -> bool:
        if self.published is None:
            return False
        change = count.installations - self.published.true_counts.get(cell_id, 0)
        return abs(change) < self.published.min_change

    def _keep(self, cell: Cell, cell_id: bytes, true_count: int) -> None:
        if true_count:
            self.true_counts[cell_id] = true_count
            self._ids[cell[:2]].append(cell_id)


class Recount(Draws):
    """Gives every cell the figure that its week showed; `true_counts` are of who is counted this time."""

    def figure(self, mart: str, parent: str, name: str, count: Count) -> int:
        cell = (mart, parent, name)
        self._keep(cell, self.key.cell_id(cell), count.installations)
        return self.published.figures.get(cell, 0) if self.published else 0

    def _stays(self, cell_id: bytes, count: Count) -> bool:  # noqa: ARG002 - of every cell
        return True
