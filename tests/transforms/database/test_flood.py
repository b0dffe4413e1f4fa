"""Floods of made-up names: what they add is bounded, counted once, undone by a rule, and dropped when they are gone."""

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from tests.transforms.given import Given, moment, monday, uuid
from transforms.database import leftovers, new_names
from transforms.database.new_names import MORE, TOO_MANY_NEW_NAMES
from vocabulary.shortening import MORE_NAMES, NAMES_MAX
from vocabulary.versions import UNKNOWN

TAG, OTHER_TAG = "aa" * 8, "bb" * 8
RULES = "field,value,first_day,last_day,reason\n"
_MEASURED_REFRESH = """
from datetime import UTC, datetime
from pathlib import Path
from settings import Settings
from transforms.pipeline import refresh

refresh(Settings.from_environment(), datetime(2026, 1, 9, tzinfo=UTC))
print(next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")).split()[1])
"""


def plugins(*names: str, version: str | None = "1.0") -> list[dict[str, Any]]:
    return [{"name": name, "version": version} for name in names]


def flood(given: Given, reports: int, tag: str | None, names: int = 6000) -> None:
    """Append reports of the largest size, each with names of its own."""
    given.append(
        (moment(0), {"uuid": uuid(who), "core_version": "3.12.0", "plugins": made_up(who, names)}, tag)
        for who in range(reports)
    )


def made_up(who: int, names: int) -> list[dict[str, Any]]:
    return plugins(*(f"p{who:03}x{number:05}" for number in range(names)), version="1")


def names_of(given: Given, mart: str) -> list[tuple[str, str]]:
    return given.views(f"select parent, name from keys where mart = '{mart}' order by parent, name")


def megabytes_of_refresh(given: Given) -> int:
    environment = {**os.environ, **given.environment, "POPCON_DATA": str(given.folder)}
    run = subprocess.run(
        [sys.executable, "-c", _MEASURED_REFRESH], env=environment, check=True, capture_output=True, text=True
    )
    return int(run.stdout) // 1024


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a network add two names a week, and drop what nothing needs as soon as there are a few."""
    monkeypatch.setattr(new_names, "NEW_NAMES_A_NETWORK", 2)
    monkeypatch.setattr(leftovers, "LEFTOVERS_MIN", 3)


@pytest.mark.parametrize(("tag", "keys"), [(TAG, 1000), (None, 2 * 120 * NAMES_MAX)])
def test_a_flood_of_names_adds_few_keys_and_takes_little_memory(given: Given, tag: str | None, keys: int) -> None:
    """Found: two minutes of one network's uploads made 1.44 million keys; a refresh took 1.1 GB, each later 0.8 GB."""
    flood(given, 120, tag)
    assert megabytes_of_refresh(given) < 200
    assert given.views(f"select count(*) from keys where not is_known and name <> '{MORE}'") == [(keys,)]
    assert given.views("select count(*), place, reason from set_aside group by reason order by reason") == [
        *([(119, "", TOO_MANY_NEW_NAMES)] if tag else []),
        (120, f"/plugins/{NAMES_MAX}", MORE_NAMES),
    ]
    assert megabytes_of_refresh(given) < 100


def test_reports_are_not_in_memory_all_at_once(given: Given) -> None:
    """Found: 5,000 reports that had not been read were fetched at once, and SQLite's sorter held all of a batch."""
    text = ["x" * 1000] * 240
    given.append((moment(0), {"uuid": uuid(who), "core_version": "3", "y": [who, *text]}, None) for who in range(500))
    assert megabytes_of_refresh(given) < 220


@pytest.mark.usefixtures("small")
def test_names_beyond_the_allowance_of_a_network_count_together(given: Given) -> None:
    """The network, not the report, has the allowance; a known name needs none; next week there is a new one."""
    given.upload(1, 0, tag=TAG, plugins=plugins("katello", "one", "two", version=None))
    given.upload(2, 0, tag=TAG, core_version="9.9.9", plugins=plugins("one", "three"), compute_resources=["Cloud"])
    given.upload(3, 0, tag=OTHER_TAG, plugins=plugins("three"))
    given.upload(4, 1, tag=TAG, plugins=plugins("four", version="2.0"))
    given.refresh()
    assert names_of(given, "plugins") == [
        ("", MORE), ("", "four"), ("", "katello"), ("", "one"), ("", "three"), ("", "two"),
    ]  # fmt: skip
    assert names_of(given, "plugin_versions") == [
        (MORE, MORE), ("four", "2.0"), ("katello", UNKNOWN), ("one", MORE), ("one", UNKNOWN),
        ("three", "1.0"), ("two", UNKNOWN),
    ]  # fmt: skip
    assert names_of(given, "core_versions") == [("", MORE), ("", "3.12.0")]
    assert names_of(given, "compute_resources") == [("", MORE)]
    assert given.views("select upload_id, place, reason from set_aside") == [(2, "", TOO_MANY_NEW_NAMES)]


@pytest.mark.usefixtures("small")
def test_what_counts_together_is_remembered_for_no_other_network(given: Given) -> None:
    """The same part of a report, from a network that may add it and then from one that may not."""
    given.upload(1, 0, tag=TAG, plugins=plugins("one"))
    given.upload(2, 0, tag=TAG, plugins=plugins("two"))
    given.upload(3, 0, tag=OTHER_TAG, plugins=plugins("two"), hosts_count=1)
    given.upload(4, 0, tag=TAG, core_version="3.11.0", plugins=plugins("two"))
    given.refresh()
    assert names_of(given, "plugins") == [("", MORE), ("", "one"), ("", "two")]
    assert given.views("select upload_id from set_aside") == [(2,)]


def test_the_allowance_changes_no_public_table_but_that_of_what_is_set_aside(
    make_given: Callable[..., Given], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every installation still counts once in each group whose total is known."""
    shown = []
    for allowance in (10_000, 3):
        monkeypatch.setattr(new_names, "NEW_NAMES_A_NETWORK", allowance)
        house = make_given()
        for week in (0, 1, 2):
            for who in range(8):
                house.upload(
                    who,
                    week,
                    tag=TAG,
                    core_version="3.12.0" if who % 2 else f"odd {who}.{week}",
                    plugins=plugins("katello", f"own_{who}", version=f"0.{who}.{week}"),
                    proxies=[{"version": f"8.{who}", "features": ["DNS", f"own {who}", f"own too {who}"]}] * 2,
                    compute_resources=[f"own_{who}", f"too_{who}"],
                    operatingsystem_families={f"Family {who}": "1-9", "RedHat": "1-9"},
                    server_operatingsystem=f"Own {who}",
                )
        house.refresh()
        shown.append(house.figures())
        reasons = {row for row in shown[-1].pop("weekly_set_aside") if row[1] == "part"}
        assert bool(reasons) == (allowance == 3)
    assert ("weekly_plugin_versions" in shown[0], shown[0]["weekly_core_versions"] != []) == (True, True)
    assert shown[0] == shown[1]


@pytest.mark.parametrize("rule", [f"network_tag,{TAG}", "uuid,0000000[0-9]-*", "core_version,3.12.0", "plugin,p00*"])
@pytest.mark.usefixtures("small")
def test_a_rule_undoes_what_a_flood_costs(given: Given, monkeypatch: pytest.MonkeyPatch, rule: str) -> None:
    """Found: setting the flood aside left all of its keys.

    A rule on what a report says has to read it first; what only it had is dropped at the end of the week.
    """
    monkeypatch.setattr(new_names, "NEW_NAMES_A_NETWORK", 1000)
    flood(given, 9, TAG, names=5)
    for week in (0, 1):
        given.upload(10, week, core_version="3.11.0")
    given.refresh()
    before = given.views("select count(*) from keys where mart in ('plugins', 'plugin_versions')")
    given.settings.rules.write_text(f"{RULES}{rule},,,a flood\n")
    given.refresh()
    assert before == [(90,)]
    assert names_of(given, "plugins") == names_of(given, "plugin_versions") == []
    assert given.views("select core_version from configurations") == [("3.11.0",)]
    assert given.views("select count(*), reason from ruled_out group by reason") == [(9, "a flood")]


@pytest.mark.usefixtures("small")
def test_what_nothing_refers_to_is_dropped_at_the_end_of_a_week(given: Given) -> None:
    """The quarters stay; what comes back is read again."""
    given.settings.names.write_text("kind,name\nplugin,shared\n")
    for week in (0, 1):
        given.uploads(range(3), [week], plugins=plugins("shared"))
    for week in range(2, 9):
        given.upload(0, week, core_version=f"3.{week}.0", plugins=plugins(f"own_{week}"))
    for week in (9, 10):
        given.upload(0, week, core_version="3.2.0", plugins=plugins("own_2"))
    given.refresh()
    assert given.views("select core_version from configurations order by core_version") == [("3.12.0",), ("3.2.0",)]
    assert names_of(given, "plugins") == [("", "own_2"), ("", "shared")]
    assert given.views("select count(*) from cells where installations = 0") == [(0,)]
    assert given.public(f"select plugin, installations from weekly_plugins where week_start = '{monday(1)}'") == [
        ("shared", 3)
    ]
    refreshed = given.contents()
    given.refresh(rebuild=True)
    assert given.contents() == refreshed
