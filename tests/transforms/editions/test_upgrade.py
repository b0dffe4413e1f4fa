"""A folder of the version before the editions: every week that it published stays as it was."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.transforms.given import Given, monday
from transforms.editions.publisher import Revision
from transforms.pipeline import refresh

# public.db as that version wrote it, with its default settings, from the uploads of `given`.
BEFORE = Path(__file__).with_name("before_editions.dump").read_text(encoding="utf-8")
IN_WEEK_4 = datetime(2026, 2, 6, tzinfo=UTC)
IN_WEEK_5 = datetime(2026, 2, 13, tzinfo=UTC)
GONE = {
    "weekly_installations": {"first_seen", "new_installations", "came_back", "gone"},
    "weekly_proxy_features": {"proxies"},
    "weekly_proxy_versions": {"proxies"},
    "weekly_proxy_skew": {"proxies"},
    "weekly_compute_resources": {"resources"},
    "weekly_retention": {"n"},
}
REPORT = {
    "plugins": [{"name": "katello", "version": "4.14.0"}, {"name": "foreman_own", "version": "0.1-own"}],
    "proxies": [{"version": "3.12.0", "features": ["DNS", "DHCP"]}] * 2,
    "compute_resources": ["libvirt"],
    "hosts_count": 120,
}


@pytest.fixture
def given(given: Given) -> Given:
    given.environment = {}
    given.uploads(range(12), range(4), **REPORT)
    given.uploads(range(3), [4], **REPORT)
    given.settings.snapshots.mkdir()
    with closing(sqlite3.connect(given.settings.snapshots / "public-0.db")) as connection:
        connection.executescript(BEFORE)
    given.settings.public.symlink_to(given.settings.snapshots / "public-0.db")
    return given


def remaining(given: Given) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of the public tables of that version, in the columns that remain."""
    rows = {}
    tables = given.public("select name from sqlite_master where type = 'table'")
    for (table,) in (row for row in tables if row[0] not in ("publication", "editions")):
        columns = [name for (name,) in given.public(f"select name from pragma_table_info('{table}')")]
        stay = [column for column in columns if column not in GONE.get(table, set()) | {"highest", "sort_key"}]
        rows[table] = sorted(given.public(f"select {', '.join(stay)} from {table}"), key=repr)
    return rows


def test_what_was_published_stays_column_by_column(given: Given) -> None:
    """Names too, which had become public from the number of networks alone."""
    before = remaining(given)
    assert sum(map(len, before.values())) > 60
    assert ("foreman_own",) in given.public("select plugin from weekly_plugins")
    given.refresh(IN_WEEK_4)
    assert remaining(given) == before
    for who, is_rebuild in ((3, False), (4, True)):
        given.erase(who)
        given.refresh(IN_WEEK_4, rebuild=is_rebuild)
        assert remaining(given) == before
    assert given.public("select week_start, min_group, noise from editions") == [
        (monday(week), 5, 0) for week in (1, 2, 3)
    ]


def test_the_weeks_after_are_published_as_today(given: Given) -> None:
    before = remaining(given)
    given.uploads(range(12), [5], **REPORT)
    assert given.refresh(IN_WEEK_5).editions == (monday(4),)
    plugins = [row for row in remaining(given)["weekly_plugins"] if monday(4) not in row]
    assert plugins == before["weekly_plugins"]
    assert given.public("select noise from publication") == [(2,)]
    names = given.public(f"select plugin from weekly_plugins where week_start = '{monday(4)}'")
    assert ("katello",) in names
    assert ("foreman_own",) not in names


def test_a_week_of_that_version_can_be_revised(given: Given) -> None:
    """Only what has changed by k installations; all else keeps its exact figure."""
    given.refresh(IN_WEEK_4)
    before = remaining(given)["weekly_proxy_features"]
    given.settings.rules.write_text("field,value,first_day,last_day,reason\nplugin,foreman_own,2026-01-26,,x\n")
    revision = Revision(monday(3), "made up")
    assert refresh(given.settings, IN_WEEK_4, revision=revision).editions == (monday(3),)
    assert given.public("select count(*) from weekly_installations where week_start = '2026-01-26'") == [(1,)]
    after = remaining(given)["weekly_proxy_features"]
    assert [row for row in after if monday(3) not in row] == [row for row in before if monday(3) not in row]


def test_a_week_of_that_version_stays_if_no_figure_changes(given: Given) -> None:
    """Found: each got a revision, because a column of today's version was added to it."""
    given.refresh(IN_WEEK_4)
    public = given.settings.public.resolve().read_bytes()
    assert refresh(given.settings, IN_WEEK_4, revision=Revision(monday(1), "nothing")).editions == ()
    assert given.settings.public.resolve().read_bytes() == public


def test_what_was_taken_over_can_be_taken_back(given: Given) -> None:
    """Found: a column that it had not yet gave its weeks another hash in the public database."""
    given.refresh(IN_WEEK_4)
    public = given.settings.public.resolve().read_bytes()
    given.settings.editions.unlink()
    given.refresh(IN_WEEK_4)
    assert given.settings.public.resolve().read_bytes() == public
