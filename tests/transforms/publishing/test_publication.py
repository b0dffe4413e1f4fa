"""What reaches the public database, and what stops it."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from tests.transforms.given import LATER, Given, moment, uuid
from transforms.archive.archive import write_archive
from transforms.editions.edition import Table
from transforms.editions.store import Editions
from transforms.editions.tabling import Tabling
from transforms.publishing.checking import Checker, NotPublishedError
from transforms.publishing.models import derived_models, weekly_models
from transforms.sql import statement
from vocabulary.catalogue import Catalogue

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
    list(write_archive(given.settings))
    exports = [path for path in given.settings.exports.rglob("*") if path.is_file()]
    assert exports
    for path in (given.settings.public, *exports):
        content = path.read_bytes()
        for canary in (*CANARIES, uuid(70)):
            assert canary.encode() not in content, path


def test_a_uuid_as_a_name_or_a_reason_is_not_shown(given: Given) -> None:
    """Even if the operator had it listed.  It stops nothing: the sender has chosen the uuid."""
    given.settings.names.write_text(f"kind,name\nplugin,{uuid(1)}\n")
    given.settings.rules.write_text(f"field,value,first_day,last_day,reason\nuuid,no*,,,of {uuid(1)}\n")
    given.uploads(range(5), [0, 1, 2, 3], plugins=[{"name": uuid(1), "version": "1"}])
    given.append((moment(3), {"uuid": f"no-{who:032}", "core_version": "3.12.0"}, None) for who in range(5))
    given.refresh()
    assert len(given.public("select * from weekly_installations")) > 3
    assert uuid(1).encode() not in given.settings.public.read_bytes()
    assert uuid(1).encode() not in given.settings.editions.read_bytes()


@pytest.mark.parametrize("column", ["sha256", "sort_key", "plugin", "reason"])
def test_a_uuid_that_is_taken_from_what_is_public_stops_nothing(given: Given, column: str) -> None:
    """Found: one upload with such a uuid, and nothing was published any more."""
    given.settings.rules.write_text("field,value,first_day,last_day,reason\nuuid,no*,,,made-up-reports-of-may\n")
    plugins = [{"name": "katello", "version": "4.14.0"}, {"name": "foreman-supervisory-authority", "version": "1.0.0"}]
    given.append((moment(0), {"uuid": f"no-{who:032}", "core_version": "3.12.0"}, None) for who in range(5))
    given.uploads(range(5), [0, 1], plugins=plugins)
    given.refresh(datetime(2026, 1, 23, tzinfo=UTC))
    public = {
        "sha256": given.public("select sha256 from editions")[0][0],
        "sort_key": "0140214010010010010010010",
        "plugin": "foreman-supervisory-authority",
        "reason": "made-up-reports-of-may",
    }
    for week in (2, 3):
        given.append([(moment(week), {"uuid": public[column], "core_version": "3.12.0"}, None)])
        given.uploads(range(5), [week], plugins=plugins)
    given.refresh()
    assert len(given.public("select * from weekly_installations")) > 3
    assert not given.refresh().is_rebuilt


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
        (
            "create table uploads (core_version text); create table plugins (name text, version text);"
            "create table proxies (version text, features text); create table compute_resources (type text);"
            "insert into plugins select uuid, '1' from v.installations limit 1",
            "uuids of installations",
        ),
        ("insert into plugin_pairs values ('2026-01-12', 'a', 'b', 7, 9, 0.1, 0.1, 0.1)", "below 8"),
        ("create table t (a text); insert into t select hex(randomblob(9999)); drop table t", "free pages"),
    ],
)
def test_the_check_finds_what_is_wrong(given: Given, damage: str, reason: str) -> None:
    given.environment["POPCON_NOISE"] = "2"
    given.uploads(range(30), [0, 1])
    given.refresh()
    with (
        closing(sqlite3.connect(given.settings.public.resolve())) as public,
        closing(sqlite3.connect(given.settings.views)) as views,
    ):
        public.execute("attach ? as v", (str(given.settings.views.resolve()),))
        public.executescript("delete from weekly_core_versions where week_start > '2026-01-12';" + damage)
        with pytest.raises(NotPublishedError, match=reason):
            Checker(views, Catalogue.read()).check_database(public, Editions(given.settings.editions).headers)


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


def test_every_public_model_means_the_same_on_duckdb(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second engine's opinion: the same select over the same rows."""
    figures: list[dict[str, list[tuple[object, ...]]]] = []
    tables = ("shown_weeks", "shown_cells", "core_names", "series_releases", "shown_pairs", "plugins_year_before")

    def noted(tabling: Tabling) -> dict[str, Table]:
        figures.append({table: tabling.connection.execute(f"select * from {table}").fetchall() for table in tables})
        return made(tabling)

    made = Tabling.tables
    monkeypatch.setattr(Tabling, "tables", noted)
    with_canaries(given)
    both = [{"name": "katello", "version": "4.15.0"}, {"name": "foreman_puppet", "version": "7.0.0"}]
    given.uploads(range(20), [2, 3, 54, 55, 56], plugins=both)
    given.refresh()
    shown = sqlite3.connect(":memory:")
    shown.executescript(statement("editions/figures"))
    other = duckdb.connect()
    for table in tables:
        columns = shown.execute("select name, type from pragma_table_info(?)", (table,)).fetchall()
        types = {"TEXT": "varchar", "INTEGER": "bigint", "REAL": "double"}
        other.execute(f"create table {table} ({', '.join(f'{name} {types[type_]}' for name, type_ in columns)})")
    rows: dict[str, list[tuple[object, ...]]] = {model.table: [] for model in weekly_models()}
    for week in figures:
        for table, of_week in week.items():
            other.execute(f"delete from {table}")
            if of_week:
                other.executemany(f"insert into {table} values ({', '.join('?' * len(of_week[0]))})", of_week)
        for model in weekly_models():
            rows[model.table] += other.execute(model.select).fetchall()
    for table, of_table in rows.items():
        expected = sorted(given.public(f"select * from {table}"), key=repr)
        assert sorted(of_table, key=repr) == expected, table
    assert [table for table, of_table in rows.items() if not of_table] == []


def test_what_is_derived_means_the_same_on_duckdb(given: Given) -> None:
    with_canaries(given)
    given.refresh()
    other = duckdb.connect()
    columns = [name for (name,) in given.public("select name from pragma_table_info('series_adoption')")]
    rows = [list(row) for row in given.public("select * from series_adoption")]
    other.execute(f"create table series_adoption ({', '.join(f'{name} varchar' for name in columns)})")
    other.executemany(f"insert into series_adoption values ({', '.join('?' * len(columns))})", rows)
    other.execute("alter table series_adoption alter days_since_release type bigint")
    other.execute("alter table series_adoption alter n type bigint")
    for column in ("share", "share_low", "share_high"):
        other.execute(f"alter table series_adoption alter {column} type double")
    model = next(model for model in derived_models() if model.table == "series_half")
    expected = sorted(given.public("select * from series_half"), key=repr)
    assert sorted(other.execute(model.select).fetchall(), key=repr) == expected != []


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
