"""The files of an edition, read with other tools, have its rows, and the package says what they are."""

import csv
import hashlib
import json
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from public_tables import is_formula
from tests.transforms.archive.conftest import WEEKS, archive, files_of, package
from tests.transforms.given import LATER, Given, monday
from transforms.archive.schemas import description_of, schema_of
from transforms.editions import store
from transforms.editions.edition import Edition, Header, Table
from transforms.editions.store import Editions
from transforms.publishing.models import derived_models, weekly_models

READ = {"string": str, "integer": int, "number": float}


def tables_of(given: Given, name: str) -> dict[str, Table]:
    """Return the rows of an edition as editions.db has them."""
    editions = Editions(given.settings.editions)
    return editions.tables_of(next(one.edition_id for one in editions.stored if one.header.name == name))


def resources(folder: Path) -> dict[str, dict[str, Any]]:
    return {resource["name"]: resource for resource in package(folder)["resources"]}


def read_csv(path: Path, fields: list[dict[str, Any]]) -> tuple[tuple[Any, ...], ...]:
    """Return the rows, with the types that the package gives them."""
    with path.open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    assert header == [field["name"] for field in fields]
    return tuple(
        tuple(READ[field["type"]](cell) if cell else None for field, cell in zip(fields, row, strict=True))
        for row in rows
    )


def test_each_format_has_the_rows_of_the_edition(published: Given) -> None:
    archive(published)
    for week in range(1, WEEKS):
        folder = published.settings.exports / monday(week)
        tables, listed = tables_of(published, folder.name), resources(folder)
        assert {path.stem for path in folder.iterdir()} == {"datapackage", "editions", *tables}
        assert {"weekly_installations", "weekly_plugins", "weekly_core_versions", "weekly_facts"} <= set(tables)
        for name, table in tables.items():
            assert read_csv(folder / f"{name}.csv", listed[name]["schema"]["fields"]) == table.rows
            objects = json.loads((folder / f"{name}.json").read_text())
            assert [list(each.items()) for each in objects] == [list(row.items()) for row in table.dicts()]
            parquet = duckdb.read_parquet(str(folder / f"{name}.parquet"))
            assert parquet.columns == list(table.columns)
            kinds = {"string": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE"}
            assert parquet.types == [kinds[field["type"]] for field in listed[name]["schema"]["fields"]]
            assert repr(tuple(parquet.fetchall())) == repr(table.rows)  # 1.0 is not 1


def test_a_package_is_what_frictionless_asks_for(published: Given) -> None:
    """Data Package, Data Resource, Tabular Data Resource and Table Schema, version 1."""
    archive(published)
    for folder in (published.settings.exports / monday(2), published.settings.exports / "latest"):
        said = package(folder)
        assert said["profile"] == "data-package"
        assert re.fullmatch(r"[-a-z0-9._/]+", said["name"])
        assert [licence["name"] for licence in said["licenses"]] == ["CC0-1.0"]
        assert said["resources"]
        assert {each["path"] for each in said["resources"]} | {"datapackage.json"} == {
            path.name for path in folder.iterdir()
        }
        assert len({each["name"] for each in said["resources"]}) == len(said["resources"])
        for resource in said["resources"]:
            content = (folder / resource["path"]).read_bytes()
            assert re.fullmatch(r"[-a-z0-9._/]+", resource["name"])
            assert resource["bytes"] == len(content)
            assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
            assert resource["path"].endswith(f".{resource['format']}")
            assert resource["description"]
            if resource["format"] in ("csv", "json"):
                assert resource["encoding"] == "utf-8"
            if resource["format"] == "csv":
                assert resource["profile"] == "tabular-data-resource"
                assert_schema(resource["schema"], read_csv(folder / resource["path"], resource["schema"]["fields"]))
    created = package(published.settings.exports / monday(2))["created"]
    assert datetime.fromisoformat(created).date() == LATER.date()


def assert_schema(schema: dict[str, Any], rows: tuple[tuple[Any, ...], ...]) -> None:
    names = [field["name"] for field in schema["fields"]]
    assert all(field["description"] and field["type"] in READ for field in schema["fields"])
    key = [names.index(column) for column in schema["primaryKey"]]
    assert key
    values = [tuple(row[at] for at in key) for row in rows]
    assert len(set(values)) == len(values)
    assert not any(value is None for row in values for value in row)


def test_every_public_table_has_a_schema_with_its_dictionary() -> None:
    for model in (*weekly_models(), *derived_models()):
        schema = schema_of(model.table, Table(model.columns, ()))
        assert list(schema.types) == list(model.columns)
        assert all(field["description"] for field in schema.fields)
        assert schema.primary_key
        assert description_of(model.table).startswith("One row")


def test_a_folder_says_which_edition_it_is(published: Given) -> None:
    archive(published)
    listed = published.public("select * from editions order by edition_id")
    columns = [name for (name,) in published.public("select name from pragma_table_info('editions')")]
    assert len(listed) >= WEEKS
    for row in listed:
        edition = dict(zip(columns, row, strict=True))
        folder = published.settings.exports / edition["week_start"]
        assert list(package(folder)["edition"].items()) == list(edition.items())
        assert json.loads((folder / "editions.json").read_text()) == [edition]


def test_a_week_that_shows_nothing_has_a_folder_too(published: Given) -> None:
    archive(published)
    folder = published.settings.exports / monday(0)
    assert {path.stem for path in folder.iterdir()} == {"datapackage", "editions"}
    assert "Too few installations" in package(folder)["description"]


def test_the_same_editions_give_the_same_bytes(published: Given, publish_in: Callable[..., Given]) -> None:
    """Also in a folder whose name other programs would read as a pattern."""
    other = publish_in("it's [a] *new* folder? {x}")
    for name in ("editions.db", "editions.mark"):  # its own are drawn under another noise key
        (other.folder / name).write_bytes((published.folder / name).read_bytes())
    archive(published)
    archive(other)
    first, second = files_of(published.settings.exports), files_of(other.settings.exports)
    assert len(first) > 100
    assert first == second


def test_no_cell_of_a_csv_is_a_formula(given: Given) -> None:
    """A rule's reason is free text."""
    reason = "=cmd|' /C calc'!A0"
    given.settings.rules.write_text(f"field,value,first_day,last_day,reason\ncore_version,3.11.*,,,{reason}\n")
    for week in range(4):
        given.uploads(range(20), [week])
        given.uploads(range(20, 40), [week], core_version="3.11.0")
    given.refresh()
    archive(given)
    folder = given.settings.exports / monday(3)
    fields = resources(folder)["weekly_set_aside"]["schema"]["fields"]
    rows = read_csv(folder / "weekly_set_aside.csv", fields)
    assert [row[2] for row in rows] == [f"'{reason}"]
    assert [row["reason"] for row in json.loads((folder / "weekly_set_aside.json").read_text())] == [reason]
    for path in given.settings.exports.glob("*/*.csv"):
        rows_of_text = csv.reader(path.read_text().splitlines())
        assert not [cell for row in rows_of_text for cell in row if is_formula(cell)]


def test_a_table_of_an_earlier_version_is_archived_with_the_types_of_its_values(given: Given) -> None:
    given.uploads(range(9), [0, 1])
    given.refresh()
    old = Table(("week_start", "name", "n", "share", "gone"), (("2020-01-06", "a", 3, 1.0, None),) * 2)
    totals = Table(("week_start", "active", "established", "first_seen"), (("2020-01-06", 9, 8, 7),))
    header = Header("2020-01-06", 1, "2020-01-10", 3, 0, 2, 4, "")
    store.append(given.settings.editions, [Edition(header, {"weekly_installations": totals, "weekly_old": old})])
    assert "2020-01-06" in archive(given)
    folder = given.settings.exports / "2020-01-06"
    listed = resources(folder)
    assert listed["weekly_old"]["schema"] == {
        "fields": [
            {"name": "week_start", "type": "string"},
            {"name": "name", "type": "string"},
            {"name": "n", "type": "integer"},
            {"name": "share", "type": "number"},
            {"name": "gone", "type": "string"},
        ]
    }
    assert listed["weekly_installations"]["schema"]["primaryKey"] == ["week_start"]
    assert listed["weekly_installations"]["schema"]["fields"][3] == {"name": "first_seen", "type": "integer"}
    assert duckdb.read_parquet(str(folder / "weekly_old.parquet")).fetchall() == list(old.rows)
