"""How many different names one report can add to those that are kept: the rest of a list that has more is not read.

Pure.  Without this, reports of the largest size with names made up for them fill memory and views.db.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any

from vocabulary.fields import Field

NAMES_MAX = 500  # of plugins with their versions, proxy versions, features, compute resources and words, together
MORE_NAMES = f"more than {NAMES_MAX} different names in the report"

_Name = tuple[str | None, ...]


def shortened(report: dict[str, Any], fields: Mapping[str, Field]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Return the report with its first NAMES_MAX names, and what is left out as (JSON pointer, reason).

    A list ends before the first entry that has a name too many; the pointer is of that entry.
    """
    if _entries(report) <= NAMES_MAX:
        return report, []
    names = _Names()
    short = dict(report)
    for key, names_of in (("plugins", _of_plugin), ("proxies", _of_proxy), ("compute_resources", _of_resource)):
        if isinstance(entries := report.get(key), list):
            short[key] = entries[: names.count_taken(f"/{key}", enumerate(entries), names_of)]
    for key, value in report.items():
        if key not in fields or fields[key].kind != "words":
            continue
        if isinstance(value, list):
            short[key] = value[: names.count_taken(f"/{_escaped(key)}", enumerate(value), _word_of(key))]
        elif isinstance(value, dict):
            count = names.count_taken(f"/{_escaped(key)}", ((word, word) for word in value), _word_of(key))
            short[key] = dict(islice(value.items(), count))
    return short, names.left_out


class _Names:
    """The different names so far, and where the first is that was one too many."""

    def __init__(self) -> None:
        self._taken: set[_Name] = set()
        self.left_out: list[tuple[str, str]] = []

    def count_taken(
        self, place: str, entries: Iterable[tuple[int | str, Any]], names_of: Callable[[Any], set[_Name]]
    ) -> int | None:
        """Return how many of the entries, given by position, are taken; None for all."""
        for number, (position, entry) in enumerate(entries):
            new = names_of(entry) - self._taken
            if len(self._taken) + len(new) > NAMES_MAX:
                where = _escaped(position) if isinstance(position, str) else position
                self.left_out.append((f"{place}/{where}", MORE_NAMES))
                return number
            self._taken |= new
        return None


def _entries(report: dict[str, Any]) -> int:
    """Return how many entries all lists have, to spare ordinary reports the rest."""
    count = 0
    for value in report.values():
        if type(value) is list or type(value) is dict:
            count += len(value)
    proxies = report.get("proxies")
    for proxy in proxies if type(proxies) is list else ():
        features = proxy.get("features") if type(proxy) is dict else None
        if type(features) is list:
            count += len(features)
    return count


def _of_plugin(entry: Any) -> set[_Name]:
    if not (isinstance(entry, dict) and isinstance(name := entry.get("name"), str)):
        return set()
    version = entry.get("version")
    return {("plugin", name, version if isinstance(version, str) else None)}


def _of_proxy(entry: Any) -> set[_Name]:
    names: set[_Name] = {("feature", feature) for feature in _features(entry) if isinstance(feature, str)}
    if isinstance(entry, dict) and isinstance(version := entry.get("version"), str):
        names.add(("proxy", version))
    return names


def _of_resource(entry: Any) -> set[_Name]:
    return {("compute resource", entry)} if isinstance(entry, str) else set()


def _word_of(key: str) -> Callable[[Any], set[_Name]]:
    return lambda word: {("word", key, word)} if isinstance(word, str) else set()


def _features(entry: Any) -> list[Any]:
    features = entry.get("features") if isinstance(entry, dict) else None
    return features if isinstance(features, list) else []


def _escaped(key: str) -> str:
    """Return a key as a JSON pointer has it."""
    return key.replace("~", "~0").replace("/", "~1")
