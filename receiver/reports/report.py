"""What the receiver checks before it appends a report: that it is attributable, safe JSON of bounded size.

What a report *means* is decided later, by the transforms; a report that is merely odd is kept.
"""

import hashlib
import re
from dataclasses import dataclass

import orjson

from receiver import limits
from receiver.refusals import NotAReport
from receiver.reports import strict_json

_UUID = re.compile(limits.UUID_PATTERN)


@dataclass(frozen=True)
class Report:
    """A report that may be appended."""

    uuid: str
    body: str  # as it arrived
    body_sha256: bytes  # 32 bytes
    configuration: bytes  # 16 bytes, the same for the same contents in any order of keys and any spacing


def read_report(raw: bytes) -> Report:
    """Check the envelope of one report.  Raise NotJson, BeyondLimit or NotAReport."""
    content = strict_json.parse(raw)
    if not isinstance(content, dict):
        raise NotAReport("The body is not a JSON object.", "", "Send one report: an object with uuid and core_version.")
    uuid = content.pop("uuid", None)
    if not (isinstance(uuid, str) and _UUID.fullmatch(uuid)):
        raise NotAReport(
            "The report has no usable uuid.", "/uuid", "Give 16 to 64 characters of 0-9, A-Z, a-z and -, as a string."
        )
    if not isinstance(content.get("core_version"), str):
        raise NotAReport("The report has no core_version.", "/core_version", "Give the version of Foreman as a string.")
    return Report(
        uuid=uuid,
        body=raw.decode(),
        body_sha256=hashlib.sha256(raw).digest(),
        configuration=hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).digest()[:16],
    )
