"""Catching up is rebuilding: any cut into batches, any settings on the way, any kill."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.campaign import length, seeded, tell
from tests.transforms.given import LATER, Given, forget_what_was_published, moment, monday, uuid
from transforms.database import leftovers, new_names
from transforms.runs import NoLogError

_PLUGINS = st.lists(
    st.builds(
        lambda name, version: {"name": name, "version": version},
        st.sampled_from(["katello", "foreman_puppet", "acme_secret", "made_up_1", "made_up_2", "made_up_3"]),
        st.sampled_from(["1.0.0", "2.0.0", None, 3]),
    ),
    max_size=3,
)
REPORTS = st.fixed_dictionaries(
    {"core_version": st.sampled_from(["3.11.0", "3.12.0", "3.12.0-develop", "N/A"])},
    optional={
        "plugins": _PLUGINS,
        "compute_resources": st.lists(st.sampled_from(["libvirt", "Libvirt", "Ovirt"]), max_size=3),
        "proxies": st.lists(
            st.fixed_dictionaries({"version": st.none() | st.just("3.12.0"), "features": st.just(["DNS"])}), max_size=2
        ),
        "hosts_count": st.integers(0, 2000),
    },
)
_UPLOADS = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 7), st.sampled_from([None, "00" * 8, "11" * 8]), REPORTS), max_size=40
)

_NAMES = "select mart, parent, name, is_publishable, is_known, is_plain from keys order by mart, parent, name"
_SAID = "select digest, plugins, set_aside from configurations order by digest"


@pytest.fixture
def few_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a network add two names a week, and drop what nothing needs as soon as there are a few."""
    monkeypatch.setattr(new_names, "NEW_NAMES_A_NETWORK", 2)
    monkeypatch.setattr(leftovers, "LEFTOVERS_MIN", 2)


def _in_order(drawn: list[tuple[int, int, str | None, dict[str, Any]]]) -> list[tuple[str, dict[str, Any], str | None]]:
    return [
        (moment(week), {"uuid": uuid(who), **report}, tag)
        for who, week, tag, report in sorted(drawn, key=lambda upload: upload[1])
    ]


@pytest.mark.usefixtures("few_names")
@pytest.mark.parametrize("rules", ["", "network_tag,1111111111111111,,,a flood\nplugin,made_up_1,,,made up\n"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=_UPLOADS, cuts=st.lists(st.integers(1, 39), max_size=4))
def test_any_cut_into_batches_gives_what_a_rebuild_gives(
    make_given: Callable[..., Given], rules: str, drawn: list[Any], cuts: list[int]
) -> None:
    """Down to the keys that are left: those beyond the allowance of a network, and those that nothing needs."""
    house = make_given(POPCON_MIN_GROUP="2")
    house.settings.rules.write_text(f"field,value,first_day,last_day,reason\n{rules}")
    uploads = _in_order(drawn)
    places = sorted({0, *(cut for cut in cuts if cut < len(uploads)), len(uploads)})
    house.append([])
    for start, end in pairwise(places):
        house.append(uploads[start:end])
        house.refresh(datetime.fromisoformat(uploads[end - 1][0]) if end else LATER)
    house.refresh()
    refreshed = _without_days(house.contents()), house.views(_NAMES), house.views(_SAID)
    house.refresh(rebuild=True)
    assert (_without_days(house.contents()), house.views(_NAMES), house.views(_SAID)) == refreshed
    forget_what_was_published(house.settings)
    house.refresh(rebuild=True)
    assert (_without_days(house.contents()), house.views(_NAMES), house.views(_SAID)) == refreshed


def _without_days(contents: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Leave out when each week was published, which no rebuild can give again."""
    return contents | {"editions": []}


def test_nothing_new_changes_and_publishes_nothing(given: Given) -> None:
    given.uploads(range(3), [0, 1])
    assert given.refresh().is_published
    before = given.settings.public.resolve()
    again = given.refresh()
    assert (again.uploads, again.weeks, again.is_published) == (0, 0, False)
    assert given.settings.public.resolve() == before


@pytest.mark.parametrize(
    ("variable", "value"),
    [("POPCON_MIN_GROUP", "4"), ("POPCON_ESTABLISHED_WEEKS", "3"), ("POPCON_ACTIVE_DAYS", "14"), ("POPCON_NOISE", "2")],
)
def test_changed_settings_act_from_the_next_edition_on(
    given: Given, make_given: Callable[..., Given], variable: str, value: str
) -> None:
    """Published weeks stay; the next ones are as they would be had the setting always been so."""
    always = make_given(**{variable: value})
    for house in (given, always):
        house.uploads(range(30), [0, 1, 2], core_version="3.11.0")
        house.uploads(range(3, 70), [2, 3], core_version="3.12.0")
    given.refresh(datetime(2026, 2, 4, tzinfo=UTC))
    before = _by_week(given)
    given.environment[variable] = value
    assert not given.refresh(datetime(2026, 2, 4, tzinfo=UTC)).is_published
    always.settings.noise_key.write_bytes(given.settings.noise_key.read_bytes())
    given.refresh(datetime(2026, 2, 5, tzinfo=UTC))
    always.refresh(datetime(2026, 2, 5, tzinfo=UTC))
    assert before.keys() == {monday(1), monday(2)}
    assert _by_week(given) == before | {monday(3): _by_week(always)[monday(3)]}
    assert given.public(
        "select count(distinct min_group || noise || established_weeks || active_weeks) from editions"
    ) == [(2,)]


def _by_week(house: Given) -> dict[str, list[Any]]:
    return {
        week: house.public(f"select core_version, installations from weekly_core_versions where week_start = '{week}'")
        for (week,) in house.public("select distinct week_start from weekly_core_versions")
    }


def test_both_databases_can_be_deleted(given: Given) -> None:
    given.uploads(range(5), [0, 1], plugins=[{"name": "katello", "version": "4.14.0"}])
    given.refresh()
    before = given.contents()
    snapshot = given.settings.public.resolve().read_bytes()
    for path in (given.settings.views, given.settings.public):
        path.resolve().unlink()
        path.unlink()
    given.refresh()
    assert given.contents() == before
    assert given.settings.public.resolve().read_bytes() == snapshot


def test_a_log_that_was_replaced_by_a_shorter_one_is_read_anew(given: Given) -> None:
    given.uploads(range(5), [0, 1])
    given.refresh()
    given.settings.log.unlink()
    given.uploads(range(3), [0, 1], core_version="3.11.0")
    given.refresh()
    assert given.views("select distinct core_version from uploads") == [("3.11.0",)]
    assert given.public(f"select core_version from weekly_core_versions where week_start = '{monday(1)}'") == [
        ("3.12.0",)
    ], "published once"


def test_without_a_log_it_says_so(given: Given) -> None:
    with pytest.raises(NoLogError, match="make run"):
        given.refresh()


def test_the_log_is_left_as_it_was(given: Given) -> None:
    """A reader that is not mode=ro would checkpoint the log and delete its WAL."""
    given.append([])
    with closing(sqlite3.connect(given.settings.log)) as log:
        log.execute("pragma journal_mode = wal")
    with closing(sqlite3.connect(given.settings.log)) as receiver:
        receiver.execute("select * from uploads").fetchall()
        given.upload(1, 0)
        wal = (given.folder / "log.db-wal").read_bytes()
        given.refresh()
        assert (given.folder / "log.db-wal").read_bytes() == wal != b""


def test_a_log_without_its_tables_is_refused_in_words(given: Given) -> None:
    given.folder.mkdir(exist_ok=True)
    (given.folder / "log.db").touch()
    with pytest.raises(NoLogError, match="Start the receiver once"):
        given.refresh()
    assert not (given.folder / "views.db").exists()


def test_a_refresh_that_is_killed_leaves_the_old_or_the_new(given: Given) -> None:
    """Test 18 of the trust page."""
    random, seed = seeded()
    kills = length(6, 60)
    tell(seed=seed, kills=kills)
    given.uploads(range(40), [0, 1], core_version="3.11.0")
    given.refresh()
    given.uploads(range(40), [2, 3], core_version="3.12.0")
    command = [sys.executable, "-m", "transforms", "refresh"]
    environment = {**os.environ, **given.environment, "POPCON_DATA": str(given.folder)}
    started = time.monotonic()
    subprocess.run([sys.executable, "-m", "transforms", "exports"], env=environment, check=True, capture_output=True)
    whole = 2 * (time.monotonic() - started)
    weeks_seen = set()
    for _ in range(kills):
        with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
            time.sleep(random.uniform(0, whole))
            run.send_signal(signal.SIGKILL)
        weeks_seen.add(
            given.public(
                "select max(week_start) from weekly_core_versions where core_version = '3.11.0' and installations = 40"
            )[0][0]
        )
        assert given.public("pragma integrity_check") == [("ok",)]
    given.refresh(LATER)
    after = given.contents()
    given.refresh(LATER, rebuild=True)
    assert given.contents() == after
    assert weeks_seen <= {monday(4), monday(1)}
