"""How a report would be read: by the receiver, and by the transforms once it is in the log.  Nothing is stored."""

import json
from pathlib import Path
from typing import Any

from receiver.reports.report import Report
from vocabulary.catalogue import Catalogue
from vocabulary.keys import Key
from vocabulary.names import NamesError, read_names
from vocabulary.reading import counted_as, read

_NAMES_UNREADABLE = (
    "The operator's list of names cannot be read at present. Names that only this list makes public are said here to "
    "be hidden until they are listed."
)


def explain(report: Report, catalogue: Catalogue, names: Path) -> dict[str, Any]:
    """Return what counts and under which name, what else is kept, and what would be set aside and why.

    `names` is the operator's list, read as it is now.  Where it cannot be read, the answer says so and goes by the
    catalogue alone: this is no fault of who asks, and the refresh tells the operator which line it is.

    `shown` says whether the public may see a name, in a group that is large enough: `always` if it is in the catalogue
    or the list, or is a plain version; `once listed` if the operator would have to list it, and until then it is in
    `(other)`; `as (other)` if it has unsafe characters.  A version of a plugin is shown only if the plugin is.
    """
    note = {}
    try:
        catalogue = catalogue.with_names(read_names(names, catalogue.fields))
    except (NamesError, OSError):  # its text would tell a stranger what is in the file
        note = {"note": _NAMES_UNREADABLE}
    content = json.loads(report.body)
    reading = read(content, catalogue)
    counted = counted_as(reading, catalogue)
    plugins = {key.name: key for key in counted if key.mart == "plugins"}
    counts = [
        {
            "table": key.mart,
            **({"of": key.parent} if key.parent else {}),
            "name": key.name,
            "count": count,
            "shown": _shown(key, plugins[key.parent] if key.mart == "plugin_versions" else key),
        }
        for key, count in counted.items()
    ]
    return {
        "status": "dry run, nothing is stored",
        **note,
        "sha256": report.body_sha256.hex(),
        "counts": counts,
        "kept": [{"key": key, "type": kind} for key, _, kind in reading.extra_facts],
        "set_aside": [{"where": where, "why": why} for where, why in reading.set_aside],
    }


def _shown(key: Key, parent: Key) -> str:
    if not (key.is_publishable and parent.is_publishable):
        return "as (other)"
    return "always" if key.names_nobody and parent.names_nobody else "once listed"
