"""`datapackage.json`: what a folder of the archive holds (https://specs.frictionlessdata.io/data-package/)."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson

from files import write_durably

NAME = "datapackage.json"
_LICENCE = {
    "name": "CC0-1.0",
    "title": "CC0 1.0 Universal",
    "path": "https://creativecommons.org/publicdomain/zero/1.0/",
}


def resource(path: Path, name: str, media_type: str, description: str) -> dict[str, Any]:
    """Return what every package says of a file."""
    content = path.read_bytes()
    return {
        "name": name,
        "path": path.name,
        "description": description,
        "format": path.suffix[1:],
        "mediatype": media_type,
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }


def write_package(
    folder: Path, name: str, title: str, description: str, resources: Iterable[dict[str, Any]], **more: Any
) -> None:
    """Write the package of a folder whose files are written.  Raise OSError."""
    package = {
        "profile": "data-package",
        "name": f"foreman-popcon-{name}",
        "title": title,
        "description": description,
        "licenses": [_LICENCE],
        **more,
        "resources": list(resources),
    }
    write_durably(folder / NAME, orjson.dumps(package, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def read_package(folder: Path) -> dict[str, Any]:
    """Return what the package of a folder says; nothing where there is none that can be read."""
    try:
        package = orjson.loads((folder / NAME).read_bytes())
    except (OSError, ValueError):
        return {}
    return package if isinstance(package, dict) else {}
