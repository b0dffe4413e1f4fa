"""An archive as `make exports` writes it: a folder for each published week, and the whole database, compressed."""

import gzip
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

TABLES = ("weekly_plugins", "weekly_installations")


def write_week(exports: Path, name: str, tables: tuple[str, ...] = TABLES) -> Path:
    """`name`: the week, with `.r2` behind it for a revision."""
    folder = exports / name
    folder.mkdir(parents=True)
    resources: list[dict[str, Any]] = []
    for table in tables:
        rows = [{"week_start": name[:10], "installations": 7}]
        contents = {
            "csv": f"week_start,installations\r\n{name[:10]},7\r\n".encode(),
            "json": json.dumps(rows).encode(),
            "parquet": b"PAR1" + bytes(range(256)) * 4 + b"PAR1",
        }
        for form, content in contents.items():
            file = folder / f"{table}.{form}"
            file.write_bytes(content)
            resources.append(
                {
                    "name": f"{table}-{form}",
                    "path": file.name,
                    "bytes": len(content),
                    "hash": f"sha256:{sha256(content).hexdigest()}",
                }
            )
    package = {"name": f"foreman-popcon-{name}", "licenses": [{"name": "CC0-1.0"}], "resources": resources}
    (folder / "datapackage.json").write_text(json.dumps(package, indent=2))
    return folder


def write_latest(exports: Path, public: Path) -> Path:
    file = exports / "latest" / "public.db.gz"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(gzip.compress(public.read_bytes(), mtime=0))
    return file
