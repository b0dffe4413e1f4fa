"""How a single report is read: what it says, what it counts under, what is set aside and why.

Pure functions.  The pipeline reads each distinct configuration with them once; the receiver's dry run shows them to
whoever asks.  The one module of the transforms that the receiver may use.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from transforms.catalogue import Catalogue
from transforms.naming import Key, Naming
from transforms.versions import series

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


def read(report: dict[str, Any]) -> Reading:
    """Read a report; never fails, whatever the lists hold."""
    reading = Reading(core_version=str(report["core_version"]))
    for place, item in _items(report, "proxies", reading):
        _read_proxy(place, item, reading)
    for place, item in _items(report, "plugins", reading):
        _read_plugin(place, item, reading)
    for place, item in _items(report, "compute_resources", reading):
        if _is_name(item):
            reading.compute_resources.append(item)
        else:
            reading.set_aside.append((place, "a compute resource is its type, a string"))
    reading.extra_facts.extend((key, *_as_fact(value)) for key, value in report.items() if key not in _REPORT_KEYS)
    return reading


def counted_as(reading: Reading, catalogue: Catalogue) -> dict[Key, int]:
    """Return every key that the report counts under, with how many of its parts are (proxies, resources; else 1)."""
    counts: dict[Key, int] = {}
    for key in keys_of(reading, Naming(catalogue)):
        counts[key] = counts.get(key, 0) + 1
    return counts


def keys_of(reading: Reading, naming: Naming) -> Iterator[Key]:
    """Yield every key that the report counts under, once for each of its parts.

    A plugin counts once, with the version it has first.
    """
    yield from naming.core(reading.core_version)
    plugins = dict(reversed(reading.plugins))
    for name, version in plugins.items():
        yield from naming.plugin(name, version)
    core_series = series(reading.core_version)
    for version, features in reading.proxies:
        yield from naming.proxy(version, tuple(features), core_series)
    for spelling in reading.compute_resources:
        yield from naming.compute_resource(spelling)
    yield from naming.size("plugins", len(plugins))
    yield from naming.size("proxies", len(reading.proxies))
    yield from naming.size("compute_resources", len(reading.compute_resources))
    for key, value, type_ in reading.extra_facts:
        if key in naming.catalogue.fields:
            yield from naming.fact(key, value, type_)
    for reason in dict.fromkeys(reason for _, reason in reading.set_aside):
        yield from naming.set_aside(reason)


def _items(within: dict[str, Any], key: str, reading: Reading, place: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each entry of an optional list with its JSON pointer; `place` is that of the object it is in."""
    entries = within.get(key)
    if isinstance(entries, list):
        yield from ((f"{place}/{key}/{position}", entry) for position, entry in enumerate(entries))
    elif entries is not None:
        reading.set_aside.append((f"{place}/{key}", "not a list"))


def _read_proxy(place: str, entry: Any, reading: Reading) -> None:
    if not isinstance(entry, dict):
        reading.set_aside.append((place, "a proxy is an object with version and features"))
        return
    features = []
    for feature_place, feature in _items(entry, "features", reading, place):
        if _is_name(feature):
            features.append(feature)
        else:
            reading.set_aside.append((feature_place, "a feature is its name, a string"))
    reading.proxies.append((_read_version(place, entry, reading), features))


def _read_plugin(place: str, entry: Any, reading: Reading) -> None:
    name = entry.get("name") if isinstance(entry, dict) else None
    if _is_name(name):
        reading.plugins.append((name, _read_version(place, entry, reading)))
    else:
        reading.set_aside.append((place, "a plugin is an object with a name and a version"))


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
    if value is None or isinstance(value, bool):
        text = json.dumps(value)
        return text, text
    types = {int: "integer", float: "real", list: "array", dict: "object"}
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")), types[type(value)]


def _is_name(value: Any) -> TypeGuard[str]:
    return isinstance(value, str) and value.strip() != ""
