"""Which groups may be shown: the one place that decides it.  Pure functions.

A *partition* is a set of groups in which each installation counts once; its total is known or can be guessed, so that
what is hidden of it must be nothing, or k installations at least.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping
from math import sqrt
from typing import TypeVar

Name = TypeVar("Name", bound=Hashable)

_Z = 1.959963984540054  # 95 % of a normal distribution lie within


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
