"""How a single report is read: what it says, what it counts under, what is set aside and why.

Pure functions.  The pipeline reads each distinct configuration with them once; the receiver's dry run shows them to
whoever asks.  The one module of the transforms that the receiver may use.
"""

import json
from dataclasses import dataclass, field
from typing import Any, TypeGuard, TypeVar

from vocabulary.catalogue import Catalogue
from vocabulary.keys import Key, Names, Naming
from vocabulary.shortening import shortened
from vocabulary.versions import series

T = TypeVar("T")

SET_ASIDE_MAX = 100  # parts of one report that are listed
MORE_SET_ASIDE = f"more than {SET_ASIDE_MAX} parts, the first of which are listed"

_REPORT_KEYS = frozenset({"uuid", "core_version", "proxies", "plugins", "compute_resources"})


@dataclass
class Reading:
    """What one report says, in its own spelling.  A list that is missing or of the wrong type is empty."""

    core_version: str
    proxies: list[tuple[str | None, list[str]]] = field(default_factory=list)  # version, features
    plugins: list[tuple[str, str | None]] = field(default_factory=list)  # name, version
    compute_resources: list[str] = field(default_factory=list)
    extra_facts: list[tuple[str, str, str]] = field(default_factory=list)  # key, value, type as json_each names it
    set_aside: list[tuple[str, str]] = field(default_factory=list)  # JSON pointer, reason


def read(report: dict[str, Any], catalogue: Catalogue) -> Reading:
    """Read a report; never fails, whatever the lists hold."""
    report, left_out = shortened(report, catalogue.fields)
    reading = Reading(core_version=str(report["core_version"]), set_aside=left_out)
    for position, entry in enumerate(_list(report, "proxies", reading)):
        _read_proxy(position, entry, reading)
    for position, entry in enumerate(_list(report, "plugins", reading)):
        name = entry.get("name") if isinstance(entry, dict) else None
        if _is_name(name):
            reading.plugins.append((name, _read_version(f"/plugins/{position}", entry, reading)))
        else:
            reading.set_aside.append((f"/plugins/{position}", "a plugin is an object with a name and a version"))
    reading.compute_resources = _names(report, "compute_resources", reading, "a compute resource is its type, a string")
    reading.extra_facts.extend((key, *_as_fact(value)) for key, value in report.items() if key not in _REPORT_KEYS)
    if len(reading.set_aside) > SET_ASIDE_MAX:
        reading.set_aside[SET_ASIDE_MAX:] = [("", MORE_SET_ASIDE)]
    return reading


def counted_as(reading: Reading, catalogue: Catalogue) -> dict[Key, int]:
    """Return every key that the report counts under, with how many of its parts are (proxies, resources; else 1)."""
    counts: dict[Key, int] = {}
    for key in keys_of(reading, Naming(catalogue)):
        counts[key] = counts.get(key, 0) + 1
    return counts


def keys_of(reading: Reading, names: Names[T]) -> list[T]:
    """Return every key that the report counts under, once for each of its parts.

    A plugin counts once, with the version it has first.
    """
    found = [*names.core(reading.core_version)]
    plugins = dict(reversed(reading.plugins))
    for name, version in plugins.items():
        found += names.plugin(name, version)
    core_series = series(reading.core_version)
    for version, features in reading.proxies:
        found += names.proxy(version, tuple(features), core_series)
    for spelling in reading.compute_resources:
        found += names.compute_resource(spelling)
    found += names.size("plugins", len(plugins))
    found += names.size("proxies", len(reading.proxies))
    found += names.size("compute_resources", len(reading.compute_resources))
    reported = {key for key, *_ in reading.extra_facts}
    for key, value, type_ in reading.extra_facts:
        if (other := names.stands_for(key)) == key or other not in reported:
            found += names.fact(key, value, type_)
    for reason in dict.fromkeys(reason for _, reason in reading.set_aside):
        found += names.set_aside(reason)
    return found


def _list(within: dict[str, Any], key: str, reading: Reading, place: str = "") -> list[Any]:
    """Return an optional list; `place` is the JSON pointer of the object it is in."""
    entries = within.get(key)
    if isinstance(entries, list):
        return entries
    if entries is not None:
        reading.set_aside.append((f"{place}/{key}", "not a list"))
    return []


def _names(within: dict[str, Any], key: str, reading: Reading, wanted: str, place: str = "") -> list[str]:
    """Return the names in an optional list; the rest is set aside."""
    entries = _list(within, key, reading, place)
    names = [entry for entry in entries if _is_name(entry)]
    if len(names) < len(entries):
        wrong = [position for position, entry in enumerate(entries) if not _is_name(entry)]
        reading.set_aside.extend((f"{place}/{key}/{position}", wanted) for position in wrong)
    return names


def _read_proxy(position: int, entry: Any, reading: Reading) -> None:
    place = f"/proxies/{position}"
    if isinstance(entry, dict):
        features = _names(entry, "features", reading, "a feature is its name, a string", place)
        reading.proxies.append((_read_version(place, entry, reading), features))
    else:
        reading.set_aside.append((place, "a proxy is an object with version and features"))


def _read_version(place: str, entry: dict[str, Any], reading: Reading) -> str | None:
    version = entry.get("version")
    if version is None or isinstance(version, str):
        return version
    reading.set_aside.append((f"{place}/version", "a version is a string"))
    return None


def _as_fact(value: Any) -> tuple[str, str]:
    """Return a further key's value and its type: a string as it stands, anything else as JSON."""
    if isinstance(value, str):
        return value, "text"
    if type(value) is int:
        return str(value), "integer"
    if value is None or isinstance(value, bool):
        text = json.dumps(value)
        return text, text
    types = {float: "real", list: "array", dict: "object"}
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")), types[type(value)]


def _is_name(value: Any) -> TypeGuard[str]:
    return isinstance(value, str) and not value.isspace() and value != ""
