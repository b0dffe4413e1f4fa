"""Every public table as CSV and JSON, and the public database compressed, for whoever wants the figures elsewhere."""

import csv
import gzip
import io
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import sqlite_utils

from settings import Settings


class NothingPublishedError(RuntimeError):
    """There is no public database yet."""


def write_exports(settings: Settings) -> Iterator[Path]:
    """Write the files of `data/exports/`, each in one step, and yield their paths.  Raise NothingPublishedError."""
    if not settings.public.exists():
        raise NothingPublishedError(f"There is no {settings.public} yet. `make refresh` makes it.")
    snapshot = settings.public.resolve()
    folder = settings.data / "exports"
    folder.mkdir(exist_ok=True)
    with closing(sqlite_utils.Database(f"{snapshot.as_uri()}?mode=ro")) as public:
        for table in public.tables:
            rows = list(table.rows)
            yield _replace(folder / f"{table.name}.json", json.dumps(rows, indent=0).encode())
            yield _replace(folder / f"{table.name}.csv", _csv([column.name for column in table.columns], rows))
    yield _replace(folder / "public.db.gz", gzip.compress(snapshot.read_bytes(), mtime=0))


def _csv(columns: list[str], rows: list[dict[str, object]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _replace(path: Path, content: bytes) -> Path:
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(content)
    return fresh.replace(path)
