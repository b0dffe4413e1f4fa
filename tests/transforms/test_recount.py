"""An independent recount: the contract's tables from the uploads, in plain Python, straight from the counting rules.

Nothing of the project's transforms is used here but the catalogue's CSV files.  A name is shown if these know it, or if
it is a version of numbers with at most rc, develop or the number of a rebuild behind them.
"""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.transforms.given import Given
from tests.transforms.simulated import EXACT, NOW, Dated

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

    def __init__(self, k: int, known: set[Name], *, is_partition: bool = False, has_versions: bool = False) -> None:
        self.k, self.known, self.is_partition, self.has_versions = k, known, is_partition, has_versions
        self.rows: Rows = set()

    def count(self, week: str, standing: KeyCounts, names_of: Callable[[dict[str, Any]], Iterable[str]]) -> None:
        who: defaultdict[str, set[str]] = defaultdict(set)
        for uuid, (_, body, _) in standing.items():
            for name in names_of(body):
                who[name].add(uuid)
        hidden = {name for name in who if len(who[name]) < self.k or not self.may_be_named(name)}
        small = sum(len(who[name]) for name in hidden)
        while self.is_partition and 0 < small < self.k and len(hidden) < len(who):
            smallest = min(who.keys() - hidden, key=lambda name: len(who[name]))
            hidden.add(smallest)
            small += len(who[smallest])
        self.rows |= {(week, name, len(who[name])) for name in who.keys() - hidden}
        if len(others := set().union(*(who[name] for name in hidden))) >= self.k:
            self.rows.add((week, "(other)", len(others)))

    def may_be_named(self, name: str) -> bool:
        return is_safe(name) and ((name,) in self.known or (self.has_versions and is_plain_version(name)))


def is_plain_version(name: str) -> bool:
    """Whether it is three numbers below 1000 at most, or four small ones; then perhaps rc, develop, or a rebuild."""
    said = re.match(r"[0-9.]+", name)
    numbers = said.group().rstrip(".").split(".") if said else [""]
    rest = name[len(".".join(numbers)) :].replace("RC", "rc")
    if not all(number.isdigit() and str(int(number)) == number for number in numbers):
        return False
    if len(numbers) > 4 or max(map(int, numbers)) > 999 or (len(numbers) == 4 and max(map(int, numbers)) > 99):
        return False
    if len(numbers) == 4 and int(numbers[0]) > 9:
        return False
    candidates = {f"{sign}rc{dot}{count}" for sign in ("", ".", "-") for dot in ("", ".") for count in range(100)}
    return rest in {"", "-develop", ".develop"} | candidates | {f"-{count}" for count in range(1, 100)}


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


def require_recounted(house: Given, some: list[Dated], k: int, listed: set[Name]) -> None:
    """Count all again, and compare every row."""
    core = Table(k, KNOWN_VERSIONS | listed, is_partition=True, has_versions=True)
    plugin, feature = Table(k, KNOWN_PLUGINS | listed), Table(k, {(name,) for name in FEATURES.values()} | listed)
    totals: Rows = set()
    for week, active, counted in weeks_of(some):
        if len(counted) >= k:
            standing = {uuid: active[uuid] for uuid in counted}
            rest = len(active) - len(counted)
            totals.add((week, len(active) if rest == 0 or rest >= k else None, len(counted)))
            core.count(week, standing, lambda body: [body["core_version"]])
            plugin.count(week, standing, plugins)
            feature.count(week, standing, features)
    assert len(totals) == 10
    for select, expected in (
        ("select week_start, active, established from weekly_installations", totals),
        ("select week_start, core_version, installations from weekly_core_versions", core.rows),
        ("select week_start, plugin, installations from weekly_plugins", plugin.rows),
        ("select week_start, feature, installations from weekly_proxy_features", feature.rows),
    ):
        assert set(house.public(select)) == expected


def test_a_recount_in_plain_python_finds_the_same_figures(community: Given, troubled: list[Dated]) -> None:
    require_recounted(community, troubled, K, set())


def test_with_every_name_listed_and_a_k_of_1_the_tables_are_exact(tmp_path: Path, troubled: list[Dated]) -> None:
    said = {
        kind: {name for _, body, _ in troubled for name in names_of(body) if is_safe(name) and name == name.strip()}
        for kind, names_of in (
            ("plugin", plugins),
            ("feature", features),
            ("version", lambda body: [body["core_version"]]),
        )
    }
    house = Given(tmp_path, EXACT | {"POPCON_MIN_GROUP": "1"})
    with house.settings.names.open("w", newline="") as file:
        csv.writer(file).writerows([("kind", "name"), *((kind, name) for kind in said for name in sorted(said[kind]))])
    house.append(troubled)
    house.refresh(NOW)
    require_recounted(house, troubled, 1, {(name,) for names in said.values() for name in names})
    assert house.public("select count(*) from weekly_plugins where installations = 1") > [(0,)]
