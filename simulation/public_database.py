"""A made-up community, written into public tables: what the publisher makes, in small."""

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

_MODELS = Path(__file__).parents[1] / "transforms" / "publishing" / "tables"
# The definition of each public table: the first statement of its file.
TABLES = "\n".join(
    path.read_text(encoding="utf-8").partition(";\n\n")[0] + ";" for path in sorted(_MODELS.glob("*/*.sql"))
)
_SERIES_HALF = (_MODELS / "derived" / "series_half.sql").read_text(encoding="utf-8").partition(";\n\n")[2]
FIRST_WEEK = date(2023, 11, 20)
SERIES = [
    "3.5",
    "3.6",
    "3.7",
    "3.8",
    "3.9",
    "3.10",
    "3.11",
    "3.12",
    "3.13",
    "3.14",
    "3.15",
    "3.16",
    "3.17",
    "3.18",
    "5.0",
]
PLUGINS = [
    "foreman-tasks",
    "katello",
    "foreman_puppet",
    "foreman_remote_execution",
    "foreman_openscap",
    "foreman_templates",
    "foreman_ansible",
    "foreman_rh_cloud",
    "foreman_webhooks",
    "foreman_discovery",
    "foreman_statistics",
    "foreman_setup",
    "foreman_bootdisk",
    "foreman_leapp",
    "foreman_default_hostgroup",
    "foreman_expire_hosts",
    "foreman_fog_proxmox",
    "foreman_google",
    "foreman_dhcp_browser",
    "foreman_vault",
    "foreman_kubevirt",
    "foreman_scc_manager",
    "foreman_azure_rm",
    "foreman_snapshot_management",
    "foreman_git_templates",
    "foreman_salt",
]
FEATURES = [
    "DNS",
    "TFTP",
    "Puppet_CA",
    "DHCP",
    "Logs",
    "Script",
    "Puppet",
    "Dynflow",
    "Pulpcore",
    "HTTPBoot",
    "BMC",
    "Registration",
    "Ansible",
    "Openscap",
    "Templates",
]
RESOURCES = ["VMware", "Libvirt", "oVirt", "EC2", "OpenStack", "GCE", "AzureRm", "Proxmox", "Kubevirt"]

REVISED, REVISED_WITH = slice(20, 23), 30  # of the weeks
REASON = "Reports of a flood from one network are set aside"
_FIRST_CROSS_WEEK = date(1970, 1, 5)

Value = str | int | float | None
Row = dict[str, Value]


def publish(file: Path, weeks: int = 12, size: int = 800, hostile: Sequence[str] = ()) -> None:
    """Write a snapshot next to `file` and point the link `file` at it, as the publisher does."""
    snapshots = file.parent / "snapshots"
    snapshots.mkdir(parents=True, exist_ok=True)
    number = max((int(file.stem[-4:]) for file in snapshots.iterdir()), default=0) + 1
    snapshot = snapshots / f"public-{number:04d}.db"
    with closing(sqlite3.connect(snapshot)) as connection, connection:
        connection.executescript(TABLES)
        write_weeks(connection, weeks, size, hostile)
    point(file, snapshot)


def point(link: Path, target: Path) -> None:
    spare = link.with_suffix(".new")
    spare.symlink_to(os.path.relpath(target, link.parent))
    spare.replace(link)


def write_weeks(connection: sqlite3.Connection, weeks: int, size: int, hostile: Sequence[str] = ()) -> None:
    days = [FIRST_WEEK + timedelta(weeks=at) for at in range(weeks)]
    ends = [str(days[0]), str(days[-1])] if days else [None, None]
    connection.execute("insert into publication values (1, 5, 2, 2, 4, ?, ?, 0)", ends)
    for at, day in enumerate(days):
        tables = rows_of(at, str(day), size + 3 * at, hostile)
        if is_of_cross_tables(day):
            tables |= cross_tables(str(day), size, hostile)
        for table, rows in tables.items():
            insert(connection, table, rows)
    if days:
        insert(connection, "editions", editions(days, hostile))
        connection.execute(f"insert into series_half {_SERIES_HALF}")


def is_of_cross_tables(day: date) -> bool:
    """Every 13th week."""
    return (day - _FIRST_CROSS_WEEK).days % 91 == 0


def editions(days: Sequence[date], hostile: Sequence[str] = ()) -> list[Row]:
    """Each week once, and those of REVISED again, on the day on which the week REVISED_WITH is published."""
    revised = days[REVISED] if len(days) > REVISED_WITH else ()
    found = []
    for at, day in enumerate(days):
        found.append(_edition(day, day, 1, ""))
        if at == REVISED_WITH:
            found += [_edition(each, day, 2, hostile[0] if hostile else REASON) for each in revised]
    return [{**row, "edition_id": at} for at, row in enumerate(found, start=1)]


def _edition(week: date, published_with: date, revision: int, reason: str) -> Row:
    digest = sha256(f"{week} {revision}".encode()).hexdigest()
    rules: Row = {"min_group": 5, "noise": 2, "established_weeks": 2, "active_weeks": 4}
    published_on = str(published_with + timedelta(days=9))
    return {
        **rules, "week_start": str(week), "revision": revision, "published_on": published_on, "reason": reason,
        "sha256": digest,
    }  # fmt: skip


def insert(connection: sqlite3.Connection, table: str, rows: Sequence[Row]) -> None:
    """Rows of one table with the same columns."""
    columns = ", ".join(rows[0])
    marks = ", ".join(f":{column}" for column in rows[0])
    connection.executemany(f"insert into {table} ({columns}) values ({marks})", rows)  # noqa: S608 - our names


def share(installations: int, n: int, **more: Value) -> Row:
    """With what stands next to every count; the interval only roughly."""
    part = min(installations / n, 1.0)
    ends = {"share_low": max(part - 0.02, 0.0), "share_high": min(part + 0.02, 1.0)}
    return {**more, "installations": installations, "n": n, "share": round(part, 5), **ends}


def _change(n: int, rank: int, size: int, *, is_known: bool) -> Row:
    if not is_known:
        return {"change": None, "change_low": None, "change_high": None}
    change = n / size - (n - 2 * rank) / size
    return {"change": change, "change_low": change - 0.03, "change_high": change + 0.03}


def rows_of(at: int, day: str, size: int, hostile: Sequence[str]) -> dict[str, list[Row]]:
    """Of one week."""
    week = {"week_start": day}
    series = [{**row, **week} for row in _series(at, size)]
    plugins = _ranked([*hostile, *PLUGINS], at, size)
    return {
        "weekly_installations": [{**week, "active": size + 40, "established": size}],
        "weekly_core_series": series,
        "weekly_core_versions": [_version(row, at) for row in series],
        "weekly_freshness": _freshness(series, size, day),
        "weekly_plugins": [
            share(n, size, **week, plugin=name, installations_year_before=n - rank if at >= 52 else None,
                  share_year_before=(n - 2 * rank) / size if at >= 52 else None, growth=0.1 if at >= 52 else None,
                  **_change(n, rank, size, is_known=at >= 52))
            for rank, (name, n) in enumerate(plugins)
        ],
        "weekly_plugin_versions": [
            share(n, size, **week, plugin=name, version=version, sort_key=version)
            for rank, name in enumerate([*hostile, *PLUGINS][:12])
            for version, n in _plugin_versions(rank, at, size)
        ],
        "weekly_proxy_features": [
            share(n, size, **week, feature=name) for name, n in _ranked([*hostile, *FEATURES], at, size)
        ],
        "weekly_proxy_versions": [
            share(int(row["installations"] or 0), size, **week, version=f"{row['series']}.0",
                  sort_key=row["sort_key"])
            for row in series
        ],
        "weekly_proxy_skew": [
            share(size // (2 + 2 * n), size, **week, skew=skew)
            for n, skew in enumerate(("same series", "1 series older"))
        ],
        "weekly_compute_resources": [
            share(n, size, **week, compute_resource=name)
            for name, n in _ranked([*hostile, *RESOURCES], at, size // 2)
        ],
        "weekly_sizes": [
            share(size // 3, size, **week, counted=counted, band=band, sort_key=band)
            for counted in ("hosts", "plugins") for band in ("0-9", "10-49", *hostile)
        ],
        "weekly_retention": [
            _retained(size - 9 * n, size, is_of_an_earlier_version=at < 2, **week, first_seen_quarter=quarter)
            for n, quarter in enumerate(("2023-Q4", "2024-Q1"))
        ],
        "weekly_facts": [
            share(size // 3, size, **week, key="operatingsystem_families", value=value, sort_key=value)
            for value in ("Debian", "Redhat", *hostile)
        ],
        "weekly_set_aside": [
            {**week, "scope": scope, "reason": reason, "installations": 7 + at}
            for scope, reason in [("report", "too new"), *(("part", reason) for reason in ("no object", *hostile))]
        ],
        "series_adoption": [
            share(n, size, **week, series=name, released_on=str(FIRST_WEEK + timedelta(days=70 * rank - 210)),
                  days_since_release=7 * at - 70 * rank + 216)
            for name, rank, n in _adopted(series)
        ],
    }  # fmt: skip


def _retained(installations: int, highest: int, *, is_of_an_earlier_version: bool, **more: Value) -> Row:
    """A week that an earlier version has published has no base of its share any more."""
    row = share(installations, highest, **more)
    del row["n"]
    return {**row, "highest": None if is_of_an_earlier_version else highest}


def cross_tables(day: str, size: int, hostile: Sequence[str]) -> dict[str, list[Row]]:
    """Of every 13th week."""
    names = [*hostile, *PLUGINS]
    return {
        "plugin_series": [
            share(size // (at + 3), size, week_start=day, plugin=plugin, series=name, sort_key=f"{at:02d}")
            for plugin in names for at, name in enumerate(SERIES[:6])
        ],
        "plugin_pairs": [
            share(size // (at + 3), size, week_start=day, plugin=plugin, other_plugin=other)
            for plugin in names for at, other in enumerate(names) if other != plugin
        ],
    }  # fmt: skip


def _series(at: int, size: int) -> list[Row]:
    """A new series every ten weeks; each rises within eight weeks and lingers; the newest is a nightly."""
    ages = [at - 10 * (rank - 3) for rank in range(len(SERIES))]
    weights = [0.0 if age < 0 else min(age / 8, 1.0) * 0.62 ** max(age / 10 - 0.8, 0) for age in ages]
    counts = [int(size * weight / sum(weights)) for weight in weights]
    shown = [(rank, n) for rank, n in enumerate(counts) if n >= 5]
    words = dict(enumerate(("latest", "previous")))
    rows = [
        share(n, size, series=SERIES[rank], freshness=words.get(len(shown) - 1 - place, "older"), days_behind=0,
              is_in_calendar=1, sort_key=f"{rank:02d}")
        for place, (rank, n) in enumerate(shown)
    ]  # fmt: skip
    small = sum(n for n in counts if n < 5)
    other = share(small, size, series="(other)", freshness="(other)", days_behind=None, is_in_calendar=1)
    return rows + ([{**other, "sort_key": "~~(other)"}] if small >= 5 else [])


def _adopted(series: Sequence[Row]) -> list[tuple[str, int, int]]:
    """Each series with its rank and the installations on it or a newer one."""
    rows = [(str(row["series"]), str(row["sort_key"]), int(row["installations"] or 0)) for row in series]
    return [
        (name, int(rank), sum(n for _, other, n in rows if rank <= other < "~"))
        for name, rank, _ in rows if rank < "~"
    ]  # fmt: skip


def _version(row: Row, at: int) -> Row:
    name = row["series"]
    return {**row, "core_version": name if name == "(other)" else f"{name}.{at % 3}", "stage": "release"}


def _freshness(series: Sequence[Row], size: int, day: str) -> list[Row]:
    counts: dict[str, int] = {}
    for row in series:
        counts[str(row["freshness"])] = counts.get(str(row["freshness"]), 0) + int(row["installations"] or 0)
    return [share(n, size, week_start=day, freshness=name, mean_days_behind=90.5) for name, n in counts.items()]


def _plugin_versions(rank: int, at: int, size: int) -> list[tuple[str, int]]:
    versions = ((1, 0), (1, 1), (2, 0), (3, 0), (4, 0))
    return [
        (f"{major}.{minor}.0", max(5, size // (8 * (rank + 1) * (1 + abs(at // 20 + 1 - major - minor)))))
        for major, minor in versions
    ]


def _ranked(names: Sequence[str], at: int, size: int) -> list[tuple[str, int]]:
    counts = [
        (name, max(5, int(size * 0.72 * 0.84**rank * (1 + (0.004 if rank % 3 else -0.002) * at))))
        for rank, name in enumerate(names)
    ]
    return [*counts, ("(other)", 17)]


VIEWS = """
    create table uploads (id integer primary key, uuid text, core_version text, received_at text);
    create table proxies (id integer primary key, upload_id integer, version text, features text);
    create table plugins (id integer primary key, upload_id integer, name text, version text);
    create table compute_resources (id integer primary key, upload_id integer, type text);
    create table extra_facts (upload_id integer, key text, value text);
    create table set_aside (upload_id integer, place text, reason text);
    insert into uploads values
        (1, '1234567890abcdef', '3.16.0', '2026-11-01T10:00:00Z'),
        (2, 'fedcba0987654321', '3.17.0', '2026-11-02T10:00:00Z');
    insert into proxies values (1, 2, '3.17.0', '["DNS", "TFTP"]');
    insert into plugins values (1, 1, 'katello', '4.1'), (2, 2, 'katello', '4.2');
    insert into compute_resources values (1, 2, 'libvirt');
    insert into extra_facts values (2, 'hosts', '12');
    insert into set_aside values (2, '$.plugins[3]', 'is no object'), (1, '$.plugins[0]', '=1+1');
"""


def write_views(link: Path, hostile: Sequence[str] = ()) -> Path:
    """The private views, in a file of their own behind the link."""
    file = link.parent / f"views-{len(list(link.parent.iterdir()))}.db"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("pragma journal_mode = wal")
        connection.executescript(VIEWS)
        for at, name in enumerate(hostile, start=10):
            connection.execute("insert into uploads values (?, ?, ?, '2026-11-01T09:00:00Z')", [at, f"{at:016d}", name])
            connection.execute("insert into proxies values (?, ?, ?, ?)", [at, at, name, name])
            connection.execute("insert into plugins values (?, ?, ?, ?)", [at, at, name, name])
            connection.execute("insert into extra_facts values (?, ?, ?)", [at, name, name])
            connection.execute("insert into set_aside values (?, ?, ?)", [at, name, name])
    point(link, file)
    return file
