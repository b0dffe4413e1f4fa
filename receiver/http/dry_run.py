"""How a report would be read: by the receiver, and by the transforms once it is in the log.  Nothing is stored."""

import json
from typing import Any

from receiver.reports.report import Report
from vocabulary.catalogue import Catalogue
from vocabulary.reading import counted_as, read


def explain(report: Report, catalogue: Catalogue) -> dict[str, Any]:
    """Return what counts and under which name, what else is kept, and what would be set aside and why.

    `shown` says when the public sees a name: `always` if it is in the catalogue, `from several networks` if it must
    first be reported from enough networks, `as (other)` if it has unsafe characters.
    """
    content = json.loads(report.body)
    reading = read(content, catalogue)
    counts = [
        {
            "table": key.mart,
            **({"of": key.parent} if key.parent else {}),
            "name": key.name,
            "count": count,
            "shown": _shown(is_known=key.is_known, is_publishable=key.is_publishable),
        }
        for key, count in counted_as(reading, catalogue).items()
    ]
    return {
        "status": "dry run, nothing is stored",
        "sha256": report.body_sha256.hex(),
        "counts": counts,
        "kept": [{"key": key, "type": kind} for key, _, kind in reading.extra_facts],
        "set_aside": [{"where": where, "why": why} for where, why in reading.set_aside],
    }


def _shown(*, is_known: bool, is_publishable: bool) -> str:
    if not is_publishable:
        return "as (other)"
    return "always" if is_known else "from several networks"
