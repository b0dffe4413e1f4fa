"""Tables as Parquet, written by DuckDB."""

import errno
import glob
from collections.abc import Mapping
from pathlib import Path

import duckdb

from files import sync

_TYPES = {"string": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE"}
# One thread, so that the same rows give the same bytes, in the same order; and nothing is looked for elsewhere.
_CONFIGURATION: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1,
    "async_threads": 0,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


def write_parquet(files: Mapping[Path, Mapping[str, str]]) -> None:
    """Write next to each file, a list of objects in JSON, its rows as Parquet.  Raise OSError.

    `files` has the types of the columns by name: string, integer or number.
    """
    with duckdb.connect(config=_CONFIGURATION) as engine:
        for rows, types in files.items():
            path = rows.with_suffix(".parquet")
            columns = {column: _TYPES[type_] for column, type_ in types.items()}
            try:
                engine.read_json(glob.escape(str(rows)), columns=columns, format="array").write_parquet(str(path))
            except duckdb.IOException as error:  # is no OSError, and has no number
                number = errno.ENOSPC if "No space left" in str(error) else errno.EIO
                raise OSError(number, str(error)) from error
            sync(path)
