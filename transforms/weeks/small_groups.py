"""Which groups may be shown: the one place that decides it.  Pure functions.

A *partition* is a set of groups in which each installation counts once; its total is known or can be guessed, so that
what is hidden of it must be nothing, or k installations at least.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from math import sqrt
from typing import TypeVar

Name = TypeVar("Name", bound=Hashable)

_Z = 1.959963984540054  # 95 % of a normal distribution lie within


@dataclass
class Group:
    """How many installations stand under a group's shown members, and under each of its hidden ones."""

    shown: int = 0
    hidden: list[int] = field(default_factory=list)

    def add(self, shown: int, hidden: int) -> None:
        """Take in a member of which so many are shown, and so many hidden."""
        self.shown += shown
        if hidden:
            self.hidden.append(hidden)


def hidden(groups: Mapping[Name, int], k: int, unnamed: Collection[Name] = ()) -> set[Name]:
    """Return the groups that are too small or may not be named."""
    return {name for name, size in groups.items() if size < k or name in unnamed}


def hidden_of_partition(groups: Mapping[Name, int], k: int, unnamed: Collection[Name] = ()) -> set[Name]:
    """Return the groups of a partition that fold, the smallest shown ones too until k installations are hidden."""
    folded = hidden(groups, k, unnamed)
    sum_hidden = sum(groups[name] for name in folded)
    smallest = iter(sorted(groups.keys() - folded, key=lambda name: (groups[name], str(name))))
    while 0 < sum_hidden < k and (name := next(smallest, None)) is not None:
        folded.add(name)
        sum_hidden += groups[name]
    return folded


def refined(groups: Mapping[str, Group], k: int, nameable: set[str]) -> dict[str, int]:
    """Return the size of each group that may be shown: its shown members, and its hidden ones where that is safe.

    What is left of all hidden ones is nobody or k at least, if all of them together are: where too few are left, the
    group with most hidden ones gives some of its smallest, so that no row moves by more than a few.
    """
    taken = {name: sum(group.hidden) for name, group in groups.items() if name in nameable and sum(group.hidden) >= k}
    left = sum(sum(group.hidden) for group in groups.values()) - sum(taken.values())
    if 0 < left < k and taken:
        giver = max(taken, key=lambda name: (taken[name], name))
        given = next(some for some in accumulate(sorted(groups[giver].hidden)) if left + some >= k)
        taken[giver] -= given if taken[giver] - given >= k else taken[giver]
    sizes = {name: group.shown + taken.get(name, 0) for name, group in groups.items()}
    return {name: size for name, size in sizes.items() if size}


def gives_no_rest_away(size: int, totals: Iterable[int], k: int) -> bool:
    """Return whether a group within larger ones may be shown: what it leaves of each is nobody, or k at least."""
    return size >= k and all(total - size == 0 or total - size >= k for total in totals)


def shown_flows(flows: Mapping[str, int], k: int) -> dict[str, int | None]:
    """Return how many came and went, empty below k.  The total tells the last of them: two hide."""
    by_size = sorted(flows, key=lambda name: flows[name])
    small = {name for name in by_size if flows[name] < k}
    if len(small) == 1:
        small = set(by_size[:2])
    return {name: None if name in small else flows[name] for name in flows}


def wilson(count: int, n: int) -> tuple[float, float, float]:
    """Return a share and Wilson's interval of 95 % around it, each to five digits."""
    share = count / n
    centre = share + _Z * _Z / (2 * n)
    reach = _Z * sqrt(share * (1 - share) / n + _Z * _Z / (4 * n * n))
    scale = 1 + _Z * _Z / n
    low, high = max(0.0, (centre - reach) / scale), min(1.0, (centre + reach) / scale)
    return round(share, 5), round(min(low, share), 5), round(max(high, share), 5)
