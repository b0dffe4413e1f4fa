"""What the receiver must know of a report before it may append it: that it is attributable, safe JSON of bounded size.

What a report *means* is decided later, by the transforms; whatever is only odd is kept.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any, NoReturn

import orjson

from receiver import limits
from receiver.refusals import BeyondLimit, NotAReport, NotJson

_UUID = re.compile(limits.UUID_PATTERN)


@dataclass(frozen=True)
class Report:
    """A report that may be appended."""

    uuid: str
    body: str  # as it came
    body_sha256: bytes  # 32 bytes
    configuration: bytes  # 16 bytes, the same for the same contents in any order of keys and any spacing


def read_report(raw: bytes) -> Report:
    """Check the envelope of one report.  Raise NotJson, BeyondLimit or NotAReport."""
    content = _strict_json(raw)
    _check_shape(content)
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


def _strict_json(raw: bytes) -> Any:
    """Parse RFC 8259 text and refuse where parsers disagree: duplicate keys, NaN, lone surrogates, huge numbers."""
    try:
        orjson.loads(raw)  # strict on UTF-8, surrogates, NaN and trailing text; lets duplicate keys and 2**64 pass
        return json.loads(raw, object_pairs_hook=_object_without_duplicates, parse_int=_bounded_integer)
    except orjson.JSONDecodeError as error:
        raise NotJson(
            f"The body is not JSON: {error.msg}.",
            f"line {error.lineno} column {error.colno}",
            "Send UTF-8 JSON as of RFC 8259.",
        ) from None
    except RecursionError:
        raise BeyondLimit("The report is nested too deeply.", "", f"Nest at most {limits.DEPTH_MAX} levels.") from None


def _object_without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise NotJson("An object has the same key twice.", "", "Give every key once.")
    return made


def _bounded_integer(digits: str) -> int:
    if len(digits) > 20 or not -(2**63) <= (value := int(digits)) < 2**63:
        raise NotJson("A whole number is beyond 64 bits.", "", "Keep integers from -2**63 to 2**63-1.")
    return value


def _check_shape(content: Any) -> None:
    """Raise BeyondLimit where `content` has too many values, too much depth, or too long a string or key."""
    nodes = 0
    level = [content]
    for _ in range(limits.DEPTH_MAX):
        nodes += len(level)
        if nodes > limits.NODES_MAX:
            _refuse_shape("too many values", f"{limits.NODES_MAX} values")
        below: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                if any(len(key) > limits.KEY_LENGTH_MAX or "\0" in key for key in value):
                    _refuse_shape("a key that is too long or has a NUL", f"{limits.KEY_LENGTH_MAX} characters a key")
                below.extend(value.values())
            elif isinstance(value, list):
                below.extend(value)
            elif isinstance(value, str) and (len(value) > limits.STRING_LENGTH_MAX or "\0" in value):
                _refuse_shape(
                    "a string that is too long or has a NUL", f"{limits.STRING_LENGTH_MAX} characters a string"
                )
        if not below:
            return
        level = below
    _refuse_shape("too much nesting", f"{limits.DEPTH_MAX} levels")


def _refuse_shape(what: str, bound: str) -> NoReturn:
    raise BeyondLimit(f"The report has {what}.", "", f"Send at most {bound}.")
