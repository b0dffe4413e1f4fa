"""The operator's rules, and a drill with the simulation's attacks."""

import json
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
    """The figures are those without, then those with again; the reason is published."""
    people = [(week, {"uuid": uuid(who), **(FAKE if who >= 6 else PLAIN)}) for week in (1, 2, 3) for who in range(12)]
    house.bring_in(people)
    house.refresh()
    before = house.public()
    assert set_aside(house, "list") == "There is no rule.\n"
    said = set_aside(house, "add", "--field=plugin", "--value=foreman_pupp*", "--reason=made up, see the list of May")
    assert said == "Added. The next refresh counts without it.\n"
    house.refresh()
    assert plugins(house) == {("katello",)}
    assert "18 uploads of 6 installations (made up, see the list of May)" in set_aside(house, "list")
    assert any("made up, see the list of May" in repr(rows) for rows in house.public().values())
    with house.running() as receiver:  # set aside is not erased: its owner still sees and can take back all of it
        status, record = receiver.ask("GET", "/data", {"Authorization": f"Bearer {uuid(7)}"})
        assert (status, len(record["uploads"])) == (200, 3)
    assert set_aside(house, "remove", "1").startswith("Removed.")
    house.refresh()
    assert house.public() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["remove", "1"], "there is no rule 1"),
        (["add", "--field=plugin", "--value=x", "--reason="], "the reason is published"),
        (["add", "--field=plugin", "--value=x", "--reason=r", "--from=yesterday"], "'yesterday' is no day"),
        (["add", "--field=plugin", "--value=x", "--reason=r", "--from=2026-02-01", "--to=2026-01-01"], "is before"),
    ],
)
def test_what_cannot_be_done_is_said(house: House, arguments: list[str], said: str) -> None:
    done = house.command("transforms", "set-aside", *arguments)
    assert (done.returncode, said in done.stderr) == (1, True)
    assert not house.settings.rules.exists()


def test_a_drill_with_the_attacks(house: House, tmp_path: Path) -> None:
    """A night of fakes moves no figure and is suspected; set aside as suggested it is gone, and comes back."""
    honest, hostile = tmp_path / "honest", tmp_path / "hostile"
    simulate = ("simulation", "--installations=150", "--weeks=8", "--seed=7", "--output")
    house.succeed(*simulate, str(honest))
    labels = tmp_path / "labels"
    house.succeed(*simulate, str(hostile), "--scenario", "stuffer", "--labels", str(labels))
    by_whom = {label["uuid"] for label in map(json.loads, labels.read_text().splitlines())}
    assert len(by_whom) == 10_000
    house.command("receiver", "import-log", str(hostile))
    house.refresh()
    hostile_figures = house.public()

    other = House(tmp_path / "other")
    with other:
        other.command("receiver", "import-log", str(honest))
        other.refresh()
        # test 22 of the trust page
        for table in ("weekly_core_versions", "weekly_plugins", "weekly_compute_resources", "weekly_proxy_features"):
            assert hostile_figures[table] == other.public()[table], table

    suggested = [
        line for line in set_aside(house, "suspects").splitlines() if "set-aside add --field network_tag" in line
    ]
    assert len(suggested) >= 3
    for line in suggested:
        field, value, first_day = (line.split(f"--{name} ")[1].split()[0] for name in ("field", "value", "from"))
        set_aside(
            house, "add", f"--field={field}", f"--value={value}", f"--from={first_day}", "--reason=one night in May"
        )
    house.refresh()
    left = {who for (who,) in house.rows("views", "select uuid from uploads")}
    assert left & by_whom == set()
    for number in range(len(suggested), 0, -1):
        set_aside(house, "remove", str(number))
    house.refresh()
    assert house.public() == hostile_figures
