"""An independent recount: the contract's tables from the uploads, in plain Python, straight from the counting rules.

Nothing of the project's transforms is used here but the catalogue's CSV files.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.transforms.given import Given
from tests.transforms.simulated import NOW, Dated

CATALOG = Path(__file__).parents[2] / "vocabulary" / "catalog"
SAFE = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:+~ -")
K, ESTABLISHED_WEEKS, ACTIVE_WEEKS, TAG_CAP = 5, 2, 4, 20

Name = tuple[str, ...]
KeyCounts = dict[str, tuple[date, dict[str, Any], str | None]]  # by uuid: week and body of the latest upload, its tag
Rows = set[tuple[Any, ...]]


def catalog(file: str, *columns: str) -> set[Name]:
    with (CATALOG / file).open(encoding="utf-8") as lines:
        return {tuple(row[column] for column in columns) for row in csv.DictReader(lines)}


KNOWN_VERSIONS = catalog("releases.csv", "version") | catalog("releases.csv", "reported_version")
KNOWN_PLUGINS = catalog("plugins.csv", "plugin")
FEATURES = {name.lower().replace(" ", ""): name for (name,) in catalog("features.csv", "feature")}
FEATURES |= {
    spelling.lower().replace(" ", ""): name for spelling, name in catalog("feature_aliases.csv", "spelling", "feature")
}


def monday(received_at: str) -> date:
    day = date.fromisoformat(received_at[:10])
    return day - timedelta(days=day.weekday())


def weeks_of(some: list[Dated]) -> Iterable[tuple[str, KeyCounts, set[str]]]:
    """Yield each closed week with who is active in it, and who of these counts."""
    latest: KeyCounts = {}
    weeks_seen: defaultdict[str, set[date]] = defaultdict(set)
    decided: dict[str, bool] = {}
    arrival: dict[str, int] = {}
    by_week: defaultdict[date, list[Dated]] = defaultdict(list)
    for upload in some:
        by_week[monday(upload[0])].append(upload)
    week = min(by_week)
    while week < monday(NOW.isoformat()):
        for _, body, tag in by_week[week]:
            latest[body["uuid"]] = (week, body, tag)
            weeks_seen[body["uuid"]].add(week)
            arrival.setdefault(body["uuid"], len(arrival))
        of_tag: Counter[str] = Counter()
        for uuid in sorted((one for one in latest if latest[one][0] == week and one not in decided), key=arrival.get):  # type: ignore[arg-type]
            if len(weeks_seen[uuid]) >= ESTABLISHED_WEEKS:
                tag = latest[uuid][2]
                of_tag[tag or uuid] += 1
                decided[uuid] = of_tag[tag or uuid] <= TAG_CAP
        active = {uuid: one for uuid, one in latest.items() if one[0] > week - timedelta(weeks=ACTIVE_WEEKS)}
        yield week.isoformat(), active, {uuid for uuid in active if decided.get(uuid)}
        week += timedelta(weeks=1)


class Table:
    """Counts names over the weeks and shows what may be shown."""

    def __init__(self, known: set[Name], is_partition: bool) -> None:
        self.known, self.is_partition = set(known), is_partition
        self.rows: Rows = set()

    def count(self, week: str, standing: KeyCounts, names_of: Callable[[dict[str, Any]], Iterable[str]]) -> None:
        who: defaultdict[str, set[str]] = defaultdict(set)
        parts: Counter[str] = Counter()
        networks: defaultdict[tuple[str, date], set[str]] = defaultdict(set)
        for uuid, (last, body, tag) in standing.items():
            for name in names_of(body):
                who[name].add(uuid)
                parts[name] += 1
                networks[name, last].add(tag or uuid)
        self.known |= {(name,) for (name, _), tags in networks.items() if len(tags) >= K and len(who[name]) >= K}
        hidden = {name for name in who if len(who[name]) < K or (name,) not in self.known or not is_safe(name)}
        small = sum(len(who[name]) for name in hidden)
        while self.is_partition and 0 < small < K and len(hidden) < len(who):
            smallest = min(who.keys() - hidden, key=lambda name: len(who[name]))
            hidden.add(smallest)
            small += len(who[smallest])
        self.rows |= {(week, name, len(who[name]), parts[name]) for name in who.keys() - hidden}
        if len(others := set().union(*(who[name] for name in hidden))) >= K:
            self.rows.add((week, "(other)", len(others), sum(parts[name] for name in hidden)))


def is_safe(name: str) -> bool:
    return 0 < len(name) <= 64 and set(name) <= SAFE and name[0] not in "=+-@"


def plugins(body: dict[str, Any]) -> Iterable[str]:
    entries = body.get("plugins")
    entries = entries if isinstance(entries, list) else []
    names = [entry.get("name") for entry in entries if isinstance(entry, dict)]
    return {name for name in names if isinstance(name, str) and name.strip()}


def features(body: dict[str, Any]) -> Iterable[str]:
    proxies = body.get("proxies")
    for proxy in proxies if isinstance(proxies, list) else []:
        said = proxy.get("features") if isinstance(proxy, dict) else None
        names = [name for name in said or [] if isinstance(name, str) and name.strip()]
        yield from {FEATURES.get("".join(name.split()).lower(), name) for name in names}


def test_a_recount_in_plain_python_finds_the_same_figures(community: Given, troubled: list[Dated]) -> None:
    core = Table(KNOWN_VERSIONS, is_partition=True)
    plugin, feature = Table(KNOWN_PLUGINS, False), Table({(name,) for name in FEATURES.values()}, False)
    totals: Rows = set()
    for week, active, counted in weeks_of(troubled):
        if len(counted) >= K:
            standing = {uuid: active[uuid] for uuid in counted}
            rest = len(active) - len(counted)
            totals.add((week, len(active) if rest == 0 or rest >= K else None, len(counted)))
            core.count(week, standing, lambda body: [body["core_version"]])
            plugin.count(week, standing, plugins)
            feature.count(week, standing, features)
    assert len(totals) == 10
    assert set(community.public("select week_start, active, established from weekly_installations")) == totals
    for select, expected in (
        ("select week_start, core_version, installations, installations from weekly_core_versions", core.rows),
        ("select week_start, plugin, installations, installations from weekly_plugins where plugin <> '(other)'",
         {row for row in plugin.rows if row[1] != "(other)"}),
        ("select week_start, plugin, installations from weekly_plugins where plugin = '(other)'",
         {row[:3] for row in plugin.rows if row[1] == "(other)"}),
        ("select week_start, feature, installations, proxies from weekly_proxy_features", feature.rows),
    ):  # fmt: skip
        assert set(community.public(select)) == expected
