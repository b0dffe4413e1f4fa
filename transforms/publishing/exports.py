"""Every public table as CSV and JSON, and the public database compressed, for whoever wants the figures elsewhere."""

import csv
import gzip
import io
import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import sqlite_utils

from files import open_read_only, write_durably
from settings import Settings
from transforms.room import full_disk_in_words, require_room, size_of

_BYTES_A_PUBLIC_BYTE = 4  # all forms together, or less: three in simulated communities


class NothingPublishedError(RuntimeError):
    """There is no public database yet."""


def write_exports(settings: Settings) -> Iterator[Path]:
    """Write the folder `data/exports/` whole, or not at all, and yield the paths.

    Raise NothingPublishedError, NoRoomError or OSError.

    `index.json` says what the rest is.
    """
    if not settings.public.exists():
        raise NothingPublishedError(f"{settings.public} does not exist yet. `make refresh` creates it.")
    snapshot = settings.public.resolve()
    require_room(settings.data, _BYTES_A_PUBLIC_BYTE * size_of(settings.public), "Writing exports")
    folder, fresh = settings.data / "exports", settings.data / ".exports.new"
    try:
        with full_disk_in_words(settings.data):
            _write(fresh, snapshot)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    _swap(folder, fresh)
    yield from sorted(folder.iterdir())


def _write(fresh: Path, snapshot: Path) -> None:
    """Write all of the files into a new folder."""
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    with closing(sqlite_utils.Database(open_read_only(snapshot))) as public:
        index = dict(next(public["publication"].rows))
        about = {
            "week": index["last_week"],
            "k": index["min_group"],
            "licence": "CC0-1.0",
            "tables": {table.name: _write_table(fresh, table) for table in public.tables},
        }
    write_durably(fresh / "public.db.gz", gzip.compress(snapshot.read_bytes(), mtime=0))
    write_durably(fresh / "index.json", json.dumps(about, indent=2).encode() + b"\n")


def _write_table(folder: Path, table: sqlite_utils.db.Table) -> dict[str, object]:
    """Write both forms of a table; return its line in the index."""
    rows = list(table.rows)
    write_durably(folder / f"{table.name}.json", json.dumps(rows, indent=0).encode())
    write_durably(folder / f"{table.name}.csv", _csv([column.name for column in table.columns], rows))
    return {"rows": len(rows), "csv": f"{table.name}.csv", "json": f"{table.name}.json"}


def _csv(columns: list[str], rows: list[dict[str, object]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _swap(folder: Path, fresh: Path) -> None:
    """Put `fresh` in the place of `folder`; between the two steps there is none, never half of one."""
    old = folder.with_name(".exports.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    fresh.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
