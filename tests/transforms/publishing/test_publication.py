"""What reaches the public database, and what stops it."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from tests.transforms.given import LATER, Given, uuid
from transforms.publishing.checking import NotPublishedError, check
from transforms.publishing.exports import write_exports
from transforms.publishing.models import models

CANARIES = [uuid(77), "acme-internal-plugin", "db01.acme.example", "root@acme.example", "10.20.30.40"]


def with_canaries(given: Given) -> None:
    """Let all of a community plant things that must never be seen, next to honest figures."""
    tag = "00" * 8
    for week in (0, 1, 2):
        for who in range(70, 80):
            given.upload(
                who,
                week,
                tag=tag,
                core_version="3.12.0" if who % 2 else "3.11.0",
                plugins=[{"name": "katello", "version": "4.14.0"}, {"name": CANARIES[1], "version": CANARIES[4]}],
                proxies=[{"version": "3.12.0", "features": ["DNS", CANARIES[2]]}],
                compute_resources=["libvirt", CANARIES[3]],
                hostname=CANARIES[2],
                hosts_count=who,
                satellite_version=CANARIES[4],
                operatingsystem_families={CANARIES[2]: 3},
            )


@pytest.mark.parametrize("rows", ["no", "yes"])
def test_canaries_occur_in_no_byte_of_what_is_public(given: Given, rows: str) -> None:
    """Test 20 of the trust page."""
    given.environment["POPCON_PUBLISH_ROWS"] = rows
    with_canaries(given)
    given.refresh()
    exports = list(write_exports(given.settings))
    for path in (given.settings.public, *exports):
        content = path.read_bytes()
        for canary in (*CANARIES, uuid(70)):
            assert canary.encode() not in content, path


def test_a_uuid_as_a_name_stops_publication_and_keeps_the_old_figures(given: Given) -> None:
    """Reported from many networks it would pass for a common name."""
    given.uploads(range(3), [0, 1])
    given.refresh()
    before = given.settings.public.resolve()
    given.uploads(range(3), [2, 3], plugins=[{"name": uuid(1), "version": "1"}])
    with pytest.raises(NotPublishedError, match="uuids of installations") as refusal:
        given.refresh()
    assert uuid(1) not in str(refusal.value)
    assert given.settings.public.resolve() == before
    assert len(given.public("select * from weekly_installations")) == 4


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        ("update weekly_core_versions set installations = 2", "below 3"),
        ("update weekly_core_versions set core_version = '<script>'", "unsafe characters"),
        # Found: only columns of a known name were checked, so that a count under a new name never was.
        (
            "alter table weekly_core_versions add servers integer; update weekly_core_versions set servers = 1",
            "servers",
        ),
        ("create table t (a text); insert into t select hex(randomblob(9999)); drop table t", "free pages"),
    ],
)
def test_the_check_finds_what_is_wrong(given: Given, damage: str, reason: str) -> None:
    given.uploads(range(3), [0, 1])
    given.refresh()
    draft = given.settings.public.resolve()
    with closing(sqlite3.connect(draft)) as connection:
        connection.executescript("delete from weekly_core_versions where week_start > '2026-01-12';" + damage)
    with pytest.raises(NotPublishedError, match=reason):
        check(draft, given.settings.views.resolve(), 3)


def test_rows_are_published_on_request_only(given: Given) -> None:
    with_canaries(given)
    given.refresh()
    assert given.public("select name from sqlite_master where name = 'uploads'") == []
    given.environment["POPCON_PUBLISH_ROWS"] = "yes"
    given.refresh()
    first = given.public("select id from uploads order by rowid")
    assert len(first) == 10
    assert given.public("select distinct name, version from plugins order by 1") == [
        ("(other)", "(other)"),
        ("katello", "4.14.0"),
    ]
    assert given.public("select count(*) from plugins as p join uploads as u on p.upload_id = u.id") == [(20,)]
    given.uploads([1], [3])
    given.refresh()
    assert given.public("select id from uploads order by rowid") != first


def test_exports_have_an_index_and_every_table(given: Given) -> None:
    given.uploads(range(3), [0, 1])
    given.refresh()
    paths = {path.name: path for path in write_exports(given.settings)}
    index = json.loads(paths["index.json"].read_text())
    assert (index["k"], index["licence"], index["week"]) == (3, "CC0-1.0", "2026-02-02")
    for table, about in index["tables"].items():
        assert json.loads(paths[about["json"]].read_text()) == [
            dict(zip(_columns(given, table), row, strict=True)) for row in given.public(f"select * from {table}")
        ]
        assert len(paths[about["csv"]].read_text().splitlines()) == about["rows"] + 1


def _columns(given: Given, table: str) -> list[str]:
    return [name for (name,) in given.public(f"select name from pragma_table_info('{table}')")]


def test_every_public_model_means_the_same_on_duckdb(given: Given) -> None:
    """A second engine's opinion: the same select over the same rows."""
    with_canaries(given)
    given.uploads(range(9), [3, 55, 56], plugins=[{"name": "katello", "version": "4.15.0"}])
    given.refresh()
    other = duckdb.connect()
    for table in ("shown_weeks", "shown_cells", "core_names", "series_releases", "shown_pairs"):
        columns = given.views(f"select name, type from pragma_table_info('{table}')")
        types = {"TEXT": "varchar", "INTEGER": "bigint", "REAL": "double"}
        other.execute(f"create table {table} ({', '.join(f'{name} {types[type_]}' for name, type_ in columns)})")
        if rows := given.views(f"select * from {table}"):
            other.executemany(f"insert into {table} values ({', '.join('?' * len(columns))})", rows)
    numbers = {"min_group": 3, "established_weeks": 2, "active_weeks": 4, "is_clock_in_doubt": 0}
    for model in models():
        select = model.select
        for name, number in numbers.items():
            select = select.replace(f":{name}", str(number))
        expected = sorted(given.public(f"select * from {model.table}"), key=repr)
        assert sorted(other.execute(select).fetchall(), key=repr) == expected, model.table


def test_the_commands_say_what_they_did(given: Given, tmp_path: Path) -> None:
    given.uploads(range(3), [0, 1])
    environment = {"POPCON_DATA": str(given.folder), **given.environment}
    for command, status in (("refresh", 0), ("rebuild", 0), ("exports", 0)):
        run = subprocess.run([sys.executable, "-m", "transforms", command], env=environment, capture_output=True)
        assert run.returncode == status
        assert run.stdout
    run = subprocess.run(
        [sys.executable, "-m", "transforms", "refresh"],
        env={"POPCON_DATA": str(tmp_path / "none")},
        capture_output=True,
    )
    assert (run.returncode, run.stderr[:11]) == (1, b"transforms:")
    assert LATER
