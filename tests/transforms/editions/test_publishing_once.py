"""A closed week is published once, and nothing changes it: whatever comes later acts from the next edition on."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime

import pytest

from tests.transforms.given import Given, moment, monday, uuid

DEFAULTS = {"POPCON_NOISE": "2", "POPCON_MIN_GROUP": "5"}
KATELLO = [{"name": "katello", "version": "4.14.0"}]
PUPPET = [{"name": "foreman_puppet", "version": "7.0.0"}]
IN_WEEK_4 = datetime(2026, 2, 6, tzinfo=UTC)  # a Friday: week 3 is published
IN_WEEK_5 = datetime(2026, 2, 13, tzinfo=UTC)


@pytest.fixture
def given(make_given: Callable[..., Given]) -> Given:
    given = make_given(**DEFAULTS)
    given.uploads(range(40), range(4), plugins=KATELLO + PUPPET, core_version="3.17.0")
    given.uploads(range(30), [4], plugins=KATELLO)
    given.refresh(IN_WEEK_4)
    return given


def erase(given: Given) -> None:
    given.erase(3)


def rule(given: Given) -> None:
    given.settings.rules.write_text(f"field,value,first_day,last_day,reason\nuuid,{uuid(3)},,,x\n")


def larger_k(given: Given) -> None:
    given.environment["POPCON_MIN_GROUP"] = "20"


def no_noise(given: Given) -> None:
    given.environment["POPCON_NOISE"] = "0"


def lose_views(given: Given) -> None:
    given.settings.views.resolve().unlink()


def lose_public(given: Given) -> None:
    given.settings.public.resolve().unlink()


def list_a_name(given: Given) -> None:
    given.settings.names.write_text("kind,name\nplugin,foreman_own\n")


def import_older(given: Given) -> None:
    """Uploads of a week that was published before any upload of it had come."""
    given.uploads(range(50, 70), [4], plugins=KATELLO)


@pytest.mark.parametrize("is_rebuild", [False, True])
@pytest.mark.parametrize(
    "change", [erase, rule, larger_k, no_noise, lose_views, lose_public, list_a_name, import_older]
)
def test_nothing_changes_a_published_week(given: Given, change: Callable[[Given], None], is_rebuild: bool) -> None:
    """A of the attacks: two downloads around an erasure, or a new rule, differed by whom it hit."""
    before = given.settings.public.resolve().read_bytes()
    assert len(given.public("select * from weekly_installations")) == 3
    change(given)
    given.refresh(IN_WEEK_4, rebuild=is_rebuild)
    assert given.settings.public.resolve().read_bytes() == before


@pytest.mark.parametrize(("change", "expected"), [(erase, 39), (rule, 39), (import_older, 60), (larger_k, 40)])
def test_the_next_edition_heeds_it(given: Given, change: Callable[[Given], None], expected: int) -> None:
    given.environment["POPCON_NOISE"] = "0"
    before = given.public("select * from weekly_installations")
    change(given)
    given.uploads(range(50, 70), [5])
    assert given.refresh(IN_WEEK_5).editions == (monday(4),)
    rows = given.public("select * from weekly_installations")
    assert rows[:-1] == before
    established = {40: 40, 39: 39, 60: 40}[expected]  # in their first week, those imported are active only
    assert rows[-1] == (monday(4), expected, established)


def test_new_code_changes_no_published_week(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    before = given.settings.public.resolve().read_bytes()
    monkeypatch.setattr("transforms.editions.tabling.interval", lambda *_: (0.5, 0.1, 0.9))
    monkeypatch.setattr("transforms.weeks.disclosure.hidden", lambda *_: set())
    assert given.refresh(IN_WEEK_4, rebuild=True).is_rebuilt
    assert given.settings.public.resolve().read_bytes() == before


def test_a_week_waits_as_long_as_is_set(make_given: Callable[..., Given]) -> None:
    for days, moment_due in (("0", "2026-02-02T00:00:00+00:00"), ("6", "2026-02-08T00:00:00+00:00")):
        given = make_given(**DEFAULTS, POPCON_PUBLISH_AFTER_DAYS=days)
        given.uploads(range(40), range(4))
        due = datetime.fromisoformat(moment_due)
        given.refresh(datetime(2026, 1, 26, tzinfo=UTC))
        assert monday(3) not in given.refresh(datetime.fromtimestamp(due.timestamp() - 1, UTC)).editions
        assert given.refresh(due).editions == (monday(3),)


def test_a_week_without_figures_that_is_over_is_published_as_that(make_given: Callable[..., Given]) -> None:
    """Under a smaller k it does not appear later: that it was missing has told something already."""
    given = make_given(POPCON_MIN_GROUP="5")
    given.uploads(range(4), range(4))
    given.uploads(range(4), [4])
    given.refresh(IN_WEEK_4)
    given.environment["POPCON_MIN_GROUP"] = "3"
    given.refresh(IN_WEEK_4)
    given.refresh(IN_WEEK_4, rebuild=True)
    assert given.public("select * from weekly_installations") == []
    assert given.public("select week_start from editions") == [(monday(week),) for week in range(4)]


def test_weeks_that_nobody_was_active_in_are_left_to_a_later_import(make_given: Callable[..., Given]) -> None:
    given = make_given(**DEFAULTS)
    given.uploads(range(40), [0, 1])
    given.refresh()
    assert given.public("select max(week_start) from editions") == [(monday(4),)]
    given.uploads(range(40), [20, 21])
    given.refresh()
    weeks = given.public("select week_start from weekly_installations where week_start > '2026-04'")
    assert weeks == [(monday(week),) for week in (20, 21, 22, 23, 24)]


def test_every_edition_says_what_it_was_made_under(given: Given) -> None:
    given.environment |= {"POPCON_NOISE": "0", "POPCON_MIN_GROUP": "7"}
    given.uploads(range(40), [5])
    given.refresh(IN_WEEK_5)
    columns = "week_start, revision, published_on, min_group, noise, established_weeks, active_weeks, reason"
    rows = given.public(f"select {columns} from editions order by edition_id")
    assert rows[-2:] == [
        (monday(3), 1, "2026-02-06", 5, 2, 2, 4, ""),
        (monday(4), 1, "2026-02-13", 7, 0, 2, 4, ""),
    ]
    assert given.public("select min_group, noise, last_week from publication") == [(7, 0, monday(4))]


def test_figures_of_each_edition_keep_its_own_k(given: Given) -> None:
    given.environment |= {"POPCON_MIN_GROUP": "31", "POPCON_NOISE": "0"}
    given.uploads(range(40), [5], plugins=KATELLO)
    given.refresh(IN_WEEK_5)
    assert given.public(f"select installations from weekly_plugins where week_start = '{monday(4)}'") == [(40,)]
    assert given.public(f"select count(*) from weekly_plugins where week_start = '{monday(3)}'") == [(2,)]


def test_editions_are_only_appended_to(given: Given) -> None:
    for change in ("update editions set noise = 0", "delete from editions", "delete from edition_tables"):
        with (
            closing(sqlite3.connect(given.settings.editions)) as connection,
            pytest.raises(sqlite3.IntegrityError, match="only appended to"),
        ):
            connection.execute(change)


def test_editions_hold_nothing_that_is_not_public(given: Given) -> None:
    given.upload(77, 5, at=moment(5), plugins=[{"name": "acme_secret", "version": "1"}], hostname="canary.example.org")
    given.refresh(IN_WEEK_5)
    content = given.settings.editions.read_bytes()
    for secret in (uuid(3), uuid(77), "acme_secret", "canary.example.org"):
        assert secret.encode() not in content


def test_a_run_that_missed_weeks_publishes_them_as_they_stood(given: Given, make_given: Callable[..., Given]) -> None:
    """As after a power cut between views.db and editions.db, or weeks in which nothing could be published."""
    other = make_given(**DEFAULTS)
    for house in (given, other):
        house.uploads(range(40), [5, 6, 7], plugins=KATELLO)
    other.settings.noise_key.write_bytes(given.settings.noise_key.read_bytes())
    before = given.settings.editions.read_bytes(), given.settings.editions.with_suffix(".mark").read_bytes()
    later = datetime(2026, 2, 27, tzinfo=UTC)
    given.refresh(later)
    expected = given.figures()
    given.settings.editions.write_bytes(before[0])
    given.settings.editions.with_suffix(".mark").write_bytes(before[1])
    given.settings.public.unlink()
    done = given.refresh(later)
    assert done.is_rebuilt
    assert given.figures() == expected
