"""A table as CSV, JSON and Parquet, and what the package says of each file."""

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson

from files import write_durably
from public_tables import inert_cell
from transforms.archive.package import resource
from transforms.archive.schemas import Schema, description_of, schema_of
from transforms.editions.edition import Table, Value


def write_tables(folder: Path, tables: Mapping[str, Table]) -> Iterable[dict[str, Any]]:
    """Write each table, given by name, as three files; return their resources.  Raise OSError."""
    from transforms.archive.parquet import write_parquet  # here: loading DuckDB takes as long as a refresh of nothing

    schemas = {name: schema_of(name, table) for name, table in tables.items()}
    for name, table in tables.items():
        write_durably(folder / f"{name}.csv", _csv(table))
        write_durably(folder / f"{name}.json", _json(table))
    write_parquet({folder / f"{name}.json": schema.types for name, schema in schemas.items()})
    return [each for name, schema in schemas.items() for each in _resources(folder / f"{name}.csv", schema)]


def _csv(table: Table) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(table.columns)
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    return text.getvalue().encode()


def _cell(value: Value) -> Value:
    return inert_cell(value) if isinstance(value, str) else value


def _json(table: Table) -> bytes:
    """A line per row.  An edition that is lost is taken back from here."""
    return b"[\n" + b",\n".join(map(orjson.dumps, table.dicts())) + b"\n]\n"


def _resources(as_csv: Path, schema: Schema) -> list[dict[str, Any]]:
    """Return what the package says of the three files; the columns are explained once."""
    name, same_rows = as_csv.stem, f"The rows of {as_csv.name}."
    as_json, as_parquet = as_csv.with_suffix(".json"), as_csv.with_suffix(".parquet")
    return [
        {
            **resource(as_csv, name, "text/csv", description_of(name)),
            "encoding": "utf-8",
            "profile": "tabular-data-resource",
            "schema": schema.descriptor,
        },
        {**resource(as_json, as_json.name, "application/json", same_rows), "encoding": "utf-8"},
        resource(as_parquet, as_parquet.name, "application/vnd.apache.parquet", same_rows),
    ]
