"""What a table's columns are and mean, as a Table Schema of Frictionless, from the table's definition."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from typing import Any

from public_tables import column_descriptions
from transforms.editions.edition import Table, Value
from transforms.publishing.models import Model, derived_models, weekly_models

_TYPES = {"TEXT": "string", "INTEGER": "integer", "REAL": "number"}


@dataclass(frozen=True)
class Schema:
    """The columns of a table, in order."""

    fields: tuple[dict[str, Any], ...]  # Field descriptors: https://specs.frictionlessdata.io/table-schema/
    primary_key: tuple[str, ...]

    @property
    def types(self) -> dict[str, str]:
        """Return string, integer or number by column."""
        return {field["name"]: field["type"] for field in self.fields}

    @property
    def descriptor(self) -> dict[str, Any]:
        key = {"primaryKey": list(self.primary_key)} if self.primary_key else {}
        return {"fields": list(self.fields), **key}


def schema_of(name: str, table: Table) -> Schema:
    """Return the schema of a table of an edition.

    A table or column of an earlier version, which has no definition any more, has the types of its values.
    """
    known = _fields(_models()[name].definition) if name in _models() else {}
    fields = [known.get(column) or _found(column, table, at) for at, column in enumerate(table.columns)]
    key = _primary_key(_models()[name].definition) if known else ()
    return Schema(tuple(fields), key if set(key) <= set(table.columns) else ())


def description_of(name: str) -> str:
    """Return what a row of the table is: the comment above its definition."""
    definition = _models()[name].definition if name in _models() else ""
    lines = definition.partition("create table")[0].splitlines()
    return " ".join(line.removeprefix("--").strip() for line in lines)


@cache
def _models() -> Mapping[str, Model]:
    return {model.table: model for model in (*weekly_models(), *derived_models())}


@cache
def _fields(definition: str) -> dict[str, dict[str, Any]]:
    descriptions = column_descriptions(definition)
    return {
        column: {"name": column, "type": _TYPES[type_], "description": descriptions[column]}
        for _, column, type_, *_ in _columns(definition)
    }


@cache
def _primary_key(definition: str) -> tuple[str, ...]:
    ranks = {column: key for _, column, *_, key in _columns(definition) if key}
    return tuple(sorted(ranks, key=ranks.__getitem__))


def _columns(definition: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(definition)
        return connection.execute(
            "select i.* from sqlite_schema as s inner join pragma_table_info(s.name) as i where s.type = 'table'"
        ).fetchall()


def _found(column: str, table: Table, at: int) -> dict[str, Any]:
    values: set[type[Value]] = {type(row[at]) for row in table.rows if row[at] is not None}
    type_ = "string" if str in values else "number" if float in values else "integer" if int in values else "string"
    return {"name": column, "type": type_}
