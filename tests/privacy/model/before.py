"""What was published before there were editions and noise, and is not any more, worked out from the truth.

The attacks that lived on it are shown with it: the columns that are gone, the cross tables of every week, the names.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping

from tests.privacy.model.world import CATALOGUE, PLUGINS, Attribute, Week, World
from vocabulary.reading import counted_as, read
from weeks import week_of

K = 5


def plugin_pairs(week: Week) -> dict[tuple[str, str], int]:
    """Return how many have both of two plugins, where that and what is left of each was nobody or k."""
    shown = _shown_plugins(week)
    pairs = {}
    for one, having in shown.items():
        for other, having_other in shown.items():
            both = len(having & having_other)
            if one != other and _reveals_no_rest(both, (len(having), len(having_other))):
                pairs[one, other] = both
    return pairs


def plugin_series(week: Week, shown_series: Collection[str]) -> dict[tuple[str, str], int]:
    """Return how many have a plugin on a series, without '(other)', for the series that were shown."""
    of_series = week.holders("core_series")
    cells: dict[tuple[str, str], int] = {}
    for plugin, having in _shown_plugins(week).items():
        sizes = {name: len(having & there) for name, there in of_series.items() if having & there}
        unnamed = {
            name
            for name, size in sizes.items()
            if name not in shown_series or not _reveals_no_rest(size, [len(of_series[name])])
        }
        folded = _hidden_of_partition(sizes, unnamed)
        cells |= {(plugin, name): size for name, size in sizes.items() if name not in folded}
    return cells


def parts(week: Week) -> dict[Attribute, tuple[int, int]]:
    """Return the columns `installations` and `proxies` (or `resources`) of those who were shown by name."""
    counts, of_parts = week.counts(), Counter[Attribute]()
    for one in week.standing.values():
        for key, number in counted_as(read(one.report, CATALOGUE), CATALOGUE).items():
            if key.mart in ("proxy_features", "proxy_versions", "proxy_skew", "compute_resources"):
                of_parts[key.mart, key.parent, key.name] += number
    return {key: (counts[key], number) for key, number in of_parts.items() if counts[key] >= K}


def ever_counted(world: World) -> list[dict[str, int]]:
    """Return the column `n` of retention by week: how many of a quarter had ever counted, where it was shown."""
    first_seen: dict[str, str] = {}
    for received_at, body, _ in world.uploads:
        first_seen.setdefault(body["uuid"], quarter(week_of(received_at)))
    came: defaultdict[str, set[str]] = defaultdict(set)
    shown = []
    for week in world.weeks:
        count = Counter(first_seen[uuid] for uuid in week.standing)
        for uuid in week.standing:
            came[first_seen[uuid]].add(uuid)
        unnamed = {name for name, size in count.items() if not _reveals_no_rest(size, [len(came[name])])}
        shown.append({name: len(came[name]) for name in count.keys() - _hidden_of_partition(count, unnamed)})
    return shown


def common_names(week: Week) -> set[Attribute]:
    """Return the names that were shown because k networks reported them in one week."""
    networks: defaultdict[tuple[Attribute, str], set[str]] = defaultdict(set)
    for uuid, one in week.standing.items():
        for attribute in one.own:
            networks[attribute, one.in_week].add(one.tag or uuid)
    counts = week.counts()
    return {attribute for (attribute, _), tags in networks.items() if len(tags) >= K and counts[attribute] >= K}


def _shown_plugins(week: Week) -> dict[str, set[str]]:
    common = {name for mart, _, name in common_names(week) if mart == "plugins"}
    plugins = week.holders("plugins")
    return {name: who for name, who in sorted(plugins.items()) if len(who) >= K and name in PLUGINS | common}


def quarter(day: str) -> str:
    """Return the quarter of a day, as the table names it."""
    return f"{day[:4]}-Q{(int(day[5:7]) + 2) // 3}"


def _reveals_no_rest(size: int, totals: Collection[int]) -> bool:
    return size >= K and all(total - size == 0 or total - size >= K for total in totals)


def _hidden_of_partition(sizes: Mapping[str, int], unnamed: Collection[str]) -> set[str]:
    """Return what folded of groups in which everybody counts once: the smallest shown too, until k are hidden."""
    folded = {name for name, size in sizes.items() if size < K or name in unnamed}
    for name in sorted(sizes.keys() - folded, key=lambda name: (sizes[name], name)):
        if 0 < sum(sizes[one] for one in folded) < K:
            folded.add(name)
    return folded
