"""What goes with a plugin: other plugins, series of the core, and its own versions (in disclosure.py).

Such a table turns a count into what a known installation has besides: whoever makes up reports with a rare plugin knows
all of its group but one.  So it is published seldom, since each publication is another draw; and an empty cell, which
has no noise, must not be told from one with a member: whatever is shown is so large that it has members anyway.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from transforms.weeks.draws import Draws
from transforms.weeks.pairs import Sets
from transforms.weeks.small_groups import hidden_of_partition, reveals_no_rest
from vocabulary.versions import OTHER

_FIRST = date(1970, 1, 5)
_DAYS = 91

Pair = tuple[str, str, str, int, int]  # mart, first, second, figure of both, n: the figure of the first


def is_crossed(week_start: str) -> bool:
    """Return whether it is published in this week what goes with a plugin: every 13th, in every folder the same."""
    return (date.fromisoformat(week_start) - _FIRST).days % _DAYS == 0


class Crossing:
    """The pairs of a week that may be shown."""

    def __init__(self, sets: Sets, draws: Draws, plugins: Mapping[str, int], k: int) -> None:
        """`plugins` has the published figures of those that may be crossed."""
        self._sets, self._draws, self._plugins, self._k = sets, draws, plugins, k

    def pairs(self) -> Iterator[Pair]:
        """Yield each pair of plugins twice, as what goes with either, with one figure."""
        names = sorted(self._plugins)
        for place, one in enumerate(names):
            for other in names[place + 1 :]:
                both = self._sets.of_plugin.get(one, 0) & self._sets.of_plugin.get(other, 0)
                figure = self._figure("plugin_pairs", one, other, both)
                if self._is_large(figure) and self._is_rest_hidden(both, one, self._sets.of_plugin.get(other, 0)):
                    yield "plugin_pairs", one, other, figure, self._plugins[one]
                    yield "plugin_pairs", other, one, figure, self._plugins[other]

    def on_series(self, shown: Collection[str]) -> Iterator[Pair]:
        """Yield each plugin with each of the `shown` series, and with the other ones together."""
        for plugin, n in self._plugins.items():
            having = self._sets.of_plugin.get(plugin, 0)
            there = {name: both for name, of in self._sets.of_series.items() if (both := having & of)}
            named = {name for name in there if name in shown} | self._draws.published_names("plugin_series", plugin)
            figures = {
                name: self._figure("plugin_series", plugin, name, there.get(name, 0)) for name in named - {OTHER}
            }
            folded = self._folded_series(plugin, there, figures)
            rest = self._figure("plugin_series", plugin, OTHER, sum(there.get(name, 0) for name in folded))
            for name, figure in (figures | {OTHER: rest}).items():
                if name not in folded and self._is_large(figure):
                    yield "plugin_series", plugin, name, figure, n

    def _folded_series(self, plugin: str, there: Mapping[str, int], figures: Mapping[str, int]) -> set[str]:
        if not self._draws.can_be_subtracted:
            return {name for name in there if not self._is_large(figures.get(name, 0))}
        sizes = {name: both.bit_count() for name, both in there.items()}
        unnamed = {
            name
            for name in sizes
            if name not in figures or not self._is_rest_hidden(there[name], plugin, self._sets.of_series[name])
        }
        return hidden_of_partition(sizes, self._k, unnamed)

    def _figure(self, mart: str, first: str, second: str, having: int) -> int:
        return self._draws.figure(mart, first, second, self._sets.count(having))

    def _is_large(self, figure: int) -> bool:
        return figure >= self._k + self._draws.bound

    def _is_rest_hidden(self, both: int, plugin: str, having_other: int) -> bool:
        """Return whether no small group is what an exact figure leaves of the larger ones."""
        totals = self._sets.of_plugin.get(plugin, 0).bit_count(), having_other.bit_count()
        return not self._draws.can_be_subtracted or reveals_no_rest(both.bit_count(), totals, self._k)
