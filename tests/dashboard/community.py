"""A made-up community, written into public tables: what the publisher makes, in small."""

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

TABLES = (Path(__file__).parents[2] / "transforms" / "public" / "tables.sql").read_text(encoding="utf-8")
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

Cell = tuple[str | int, ...]


def publish(file: Path, weeks: int = 12, size: int = 800, hostile: Sequence[str] = ()) -> None:
    """Write a snapshot beside `file` and point the link `file` at it, as the publisher does."""
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
    connection.execute(
        "insert into publication values (1, 5, 2, 4, ?, ?)", [str(days[0]), str(days[-1])] if days else [None, None]
    )
    for at, day in enumerate(days):
        grown = size + 3 * at
        connection.execute("insert into weekly_installations values (?, ?, ?, ?)", [str(day), grown + 40, grown, 12])
        for table, cells in cells_of(at, grown, hostile).items():
            marks = ", ".join("?" * (len(cells[0]) + 1))
            statement = f"insert into {table} values ({marks})"
            connection.executemany(statement, [(str(day), *cell) for cell in cells])


def cells_of(at: int, size: int, hostile: Sequence[str]) -> dict[str, list[Cell]]:
    return {
        "weekly_core_versions": _core_versions(at, size),
        "weekly_plugins": _ranked([*hostile, *PLUGINS], at, size),
        "weekly_plugin_versions": [
            (name, f"{major}.{minor}.0", max(5, size // (8 * (rank + 1) * (1 + abs(at // 20 + 1 - major - minor)))))
            for rank, name in enumerate([*hostile, *PLUGINS][:12])
            for major, minor in ((1, 0), (1, 1), (2, 0), (3, 0), (4, 0))
        ],
        "weekly_proxy_features": [(*cell, 2 * int(cell[1])) for cell in _ranked([*hostile, *FEATURES], at, size)],
        "weekly_proxy_versions": [(version, n, 2 * int(n)) for version, _, n in _core_versions(at, size)],
        "weekly_compute_resources": [
            (*cell, 3 * int(cell[1])) for cell in _ranked([*hostile, *RESOURCES], at, size // 2)
        ],
    }


def _core_versions(at: int, size: int) -> list[Cell]:
    """A new series every ten weeks; each rises within eight weeks and lingers."""
    ages = [at - 10 * (rank - 3) for rank in range(len(SERIES))]
    weights = [0.0 if age < 0 else min(age / 8, 1.0) * 0.62 ** max(age / 10 - 0.8, 0) for age in ages]
    counts = [int(size * weight / sum(weights)) for weight in weights]
    small = sum(n for n in counts if n < 5)
    cells: list[Cell] = [
        (f"{name}.{min(age // 4, 2)}", name, n) for name, age, n in zip(SERIES, ages, counts, strict=True) if n >= 5
    ]
    return cells + ([("(other)", "(other)", small)] if small >= 5 else [])


def _ranked(names: Sequence[str], at: int, size: int) -> list[Cell]:
    cells: list[Cell] = [
        (name, max(5, int(size * 0.72 * 0.84**rank * (1 + (0.004 if rank % 3 else -0.002) * at))))
        for rank, name in enumerate(names)
    ]
    return [*cells, ("(other)", 17)]


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
    insert into set_aside values (2, '$.plugins[3]', 'is no object');
"""


def write_views(link: Path) -> Path:
    """The private views, in a file of their own behind the link."""
    file = link.parent / f"views-{len(list(link.parent.iterdir()))}.db"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("pragma journal_mode = wal")
        connection.executescript(VIEWS)
    point(link, file)
    return file
