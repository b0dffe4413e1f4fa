"""The operator's rules, and a drill with the simulation's attacks."""

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from tests.rights.house import House, Line, uuid

PLAIN: Line = {"core_version": "3.12.0", "plugins": [{"name": "katello", "version": "4.14.0"}]}
FAKE: Line = {"core_version": "3.12.0", "plugins": [{"name": "foreman_puppet", "version": "9.9.9"}]}


def set_aside(house: House, *arguments: str) -> str:
    return house.succeed("transforms", "set-aside", *arguments)


def plugins(house: House) -> set[tuple[Any, ...]]:
    return set(house.rows("public", "select distinct plugin from weekly_plugins"))


def test_a_rule_is_added_listed_and_taken_back(house: House) -> None:
    """Published weeks stay; revised, the figures are those without, then those with again.  Reasons are published."""
    people = [(week, {"uuid": uuid(who), **(FAKE if who >= 6 else PLAIN)}) for week in (1, 2, 3) for who in range(12)]
    house.bring_in(people)
    house.refresh()
    before = house.figures()
    assert set_aside(house, "list") == "There are no rules.\n"
    said = set_aside(house, "add", "--field=plugin", "--value=foreman_pupp*", "--reason=made up, see the list of May")
    assert said.startswith("Added. From the next edition on, what matches is excluded.")
    house.refresh()
    assert house.figures() == before
    house.revise("A flood in May")
    assert house.rows("public", "select distinct reason from editions where revision = 2") == [("A flood in May",)]
    assert plugins(house) == {("katello",)}
    assert "18 uploads of 6 installations (made up, see the list of May)" in set_aside(house, "list")
    assert any("made up, see the list of May" in repr(rows) for rows in house.public().values())
    with house.running() as receiver:  # set aside is not erased: its owner still sees and can take back all of it
        status, record = receiver.ask("GET", "/data", {"Authorization": f"Bearer {uuid(7)}"})
        assert (status, len(record["uploads"])) == (200, 3)
    assert set_aside(house, "remove", "1").startswith("Removed.")
    house.refresh()
    assert plugins(house) == {("katello",)}
    house.revise("No flood")
    assert house.figures() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["remove", "1"], "there is no rule 1"),
        (["add", "--field=plugin", "--value=x", "--reason="], "the reason is published"),
        (["add", "--field=plugin", "--value=x", "--reason=r", "--from=yesterday"], "'yesterday' is not a day"),
        (["add", "--field=plugin", "--value=x", "--reason=r", "--from=2026-02-01", "--to=2026-01-01"], "is before"),
    ],
)
def test_what_cannot_be_done_is_said(house: House, arguments: list[str], said: str) -> None:
    done = house.command("transforms", "set-aside", *arguments)
    assert (done.returncode, said in done.stderr) == (1, True)
    assert not house.settings.rules.exists()


def test_a_drill_with_a_night_of_fakes(house: House, tmp_path: Path) -> None:
    """They move no figure and are suspected; set aside as suggested they are gone, and come back."""
    honest, hostile, fakes = simulated(house, tmp_path, "stuffer")
    assert len(fakes) == 10_000
    with House(tmp_path / "other") as other:
        bring_in(other, honest)
        unmoved = other.public()
    bring_in(house, hostile)
    attacked = house.figures()
    # test 22 of the trust page
    for table in ("weekly_core_versions", "weekly_plugins", "weekly_compute_resources", "weekly_proxy_features"):
        assert attacked[table] == unmoved[table], table

    rules = suggested(house, "network_tag")
    assert len(rules) >= 3
    for rule in rules:
        set_aside(house, "add", *rule, "--reason=one night in May")
    house.refresh()
    assert uuids(house) & fakes == set()
    take_back(house, len(rules))
    assert house.figures() == attacked


def test_a_drill_with_a_slow_botnet(house: House, tmp_path: Path) -> None:
    """Its plugin stands out; with the rule suggested the headline is as it was, until the rule is taken back."""
    honest, hostile, _ = simulated(house, tmp_path, "botnet")
    with House(tmp_path / "other") as other:
        bring_in(other, honest)
        unmoved = established(other)
    bring_in(house, hostile)
    attacked = established(house)
    moved_by = attacked[-1] - unmoved[-1]
    assert moved_by > unmoved[-1]
    rule = next(rule for rule in suggested(house, "plugin") if "foreman_wreckingball" in rule)

    set_aside(house, "add", *rule, "--reason=a botnet of 135 networks")
    house.revise("a botnet")
    assert established(house)[-1] - unmoved[-1] < moved_by / 20  # some do without the plugin
    assert ("a botnet of 135 networks",) in house.rows("public", "select distinct reason from weekly_set_aside")
    take_back(house, 1)
    house.revise("no botnet")
    assert established(house) == attacked


def test_a_drill_with_a_vandal(house: House, tmp_path: Path) -> None:
    """What the operator reads and pastes holds nothing that a terminal, or a shell, would act on."""
    _, hostile, fakes = simulated(house, tmp_path, "vandal")
    bring_in(house, hostile)
    said = set_aside(house, "suspects")
    assert all(letter.isprintable() or letter == "\n" for letter in said)
    for rule in suggested(house, "plugin") + suggested(house, "configuration") + suggested(house, "uuid"):
        assert "added" in set_aside(house, "add", *rule, "--reason=vandal").lower()
    some = sorted(fakes)[:3]
    for who in some:
        set_aside(house, "add", "--field=uuid", f"--value={who}", "--reason=vandal")
    house.refresh()
    assert uuids(house) & {*some} == set()


def simulated(house: House, folder: Path, scenario: str) -> tuple[Path, Path, set[str]]:
    """Return the uploads of a community, those of the same with somebody hostile, and the uuids of the latter."""
    honest, hostile, labels = folder / "honest", folder / "hostile", folder / "labels"
    simulate = ("simulation", "--installations=150", "--weeks=8", "--seed=7", "--output")
    house.succeed(*simulate, str(honest))
    house.succeed(*simulate, str(hostile), "--scenario", scenario, "--labels", str(labels))
    return honest, hostile, {label["uuid"] for label in map(json.loads, labels.read_text().splitlines())}


def bring_in(house: House, uploads: Path) -> None:
    house.command("receiver", "import-log", str(uploads))
    house.refresh()


def suggested(house: House, field: str) -> list[list[str]]:
    """Return the arguments of every command that `suspects` suggests for a field, less the reason, as a shell would."""
    lines = [shlex.split(line) for line in set_aside(house, "suspects").splitlines() if " set-aside add " in line]
    return [
        line[line.index("add") + 1 : line.index("--reason")]
        for line in lines
        if f"--field {field} " in shlex.join(line)
    ]


def take_back(house: House, rules: int) -> None:
    for number in range(rules, 0, -1):
        set_aside(house, "remove", str(number))
    house.refresh()


def established(house: House) -> list[int]:
    """Return how many count, week by week."""
    return [
        count for (count,) in house.rows("public", "select established from weekly_installations order by week_start")
    ]


def uuids(house: House) -> set[str]:
    return {uuid for (uuid,) in house.rows("views", "select uuid from uploads")}
