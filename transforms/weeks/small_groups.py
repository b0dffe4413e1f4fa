"""The rules on small groups.  Pure functions; what they are used for is in disclosure.py.

A *partition* is a set of groups in which each installation counts once; its total is known or can be guessed, so
what is hidden of it must be nothing, or at least k installations.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TypeVar

Group = TypeVar("Group", bound=Hashable)


@dataclass
class Members:
    """How many installations are in a group's shown members, and in each of its hidden ones."""

    shown: int = 0
    hidden: list[int] = field(default_factory=list)

    def add(self, shown: int, hidden: int) -> None:
        """Take in a member of which so many are shown, and so many hidden."""
        self.shown += shown
        if hidden:
            self.hidden.append(hidden)


def hidden(sizes: Mapping[Group, int], k: int, unnamed: Collection[Group] = ()) -> set[Group]:
    """Return the groups that are too small or may not be named."""
    return {group for group, size in sizes.items() if size < k or group in unnamed}


def hidden_of_partition(
    sizes: Mapping[Group, int], k: int, unnamed: Collection[Group] = (), name: Callable[[Group], str] = str
) -> set[Group]:
    """Return the groups of a partition that fold, the smallest shown ones too until k installations are hidden.

    Of equal groups the first by `name` folds, so that the same figures fold alike whoever came first.
    """
    folded = hidden(sizes, k, unnamed)
    sum_hidden = sum(sizes[group] for group in folded)
    smallest = iter(sorted(sizes.keys() - folded, key=lambda group: (sizes[group], name(group))))
    while 0 < sum_hidden < k and (group := next(smallest, None)) is not None:
        folded.add(group)
        sum_hidden += sizes[group]
    return folded


def refined(groups: Mapping[str, Members], k: int, nameable: set[str]) -> dict[str, int]:
    """Return the size of each group that may be shown: its shown members, and its hidden ones where that is safe.

    What is left of all hidden ones is nobody or at least k, if all of them together are: where too few are left, the
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


def reveals_no_rest(size: int, totals: Iterable[int], k: int) -> bool:
    """Return whether a group within larger ones may be shown: what it leaves of each is nobody, or at least k."""
    return size >= k and all(total - size == 0 or total - size >= k for total in totals)
