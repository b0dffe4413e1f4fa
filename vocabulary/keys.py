"""What an installation is counted under: names folded to one spelling, versions, bands.  Pure functions."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol, TypeVar

from vocabulary.catalogue import Catalogue, fold
from vocabulary.versions import UNKNOWN, core_order, is_plain, series

_REPORTED_AS_UNKNOWN = frozenset({None, "N/A", ""})  # "N/A" is Foreman's own word for a proxy that did not answer
_PUBLISHABLE = re.compile(r"(?![=+@-])[A-Za-z0-9_.:+~ -]{1,64}")
T_co = TypeVar("T_co", covariant=True)

# The surveys' own bands, by where each begins.
SIZE_BANDS = {"plugins": (0, 1, 2, 5, 10, 20), "proxies": (0, 1, 2, 5, 10), "compute_resources": (0, 1, 2, 5, 10)}


class Key(NamedTuple):
    """What an installation is counted under: a row of the public table `mart`, within `parent` where it has one."""

    mart: str
    parent: str
    name: str
    is_publishable: bool  # of safe characters only
    is_known: bool  # in the catalogue, listed by the operator or a word of ours, so that it names nobody
    is_plain: bool = False  # a version of the plain grammar: it names nobody either, but anybody can make up many

    @property
    def names_nobody(self) -> bool:
        """Whether it may be shown by its name, in a group that is large enough."""
        return self.is_publishable and (self.is_known or self.is_plain)


def is_publishable(name: str) -> bool:
    """Return whether a name holds safe characters only."""
    return _PUBLISHABLE.fullmatch(name) is not None


def band(value: float, starts: tuple[int, ...]) -> str:
    """Return the band that holds `value`, such as `2-4` or `10+`; the first band also holds what is below it."""
    place = max([0, *(number for number, start in enumerate(starts) if value >= start)])
    if place == len(starts) - 1:
        return f"{starts[place]}+"
    last = starts[place + 1] - 1
    return str(last) if last == starts[place] else f"{starts[place]}-{last}"


class Names(Protocol[T_co]):
    """What each part of a report counts under: as keys, or as whatever stands for them."""

    def core(self, version: str) -> Iterable[T_co]: ...
    def plugin(self, name: str, version: str | None) -> Iterable[T_co]: ...
    def proxy(self, version: str | None, features: tuple[str, ...], core_series: str) -> Iterable[T_co]: ...
    def compute_resource(self, spelling: str) -> Iterable[T_co]: ...
    def size(self, counted: str, count: int) -> Iterable[T_co]: ...
    def fact(self, key: str, value: str, type_: str) -> Iterable[T_co]: ...
    def stands_for(self, key: str) -> str: ...
    def set_aside(self, reason: str) -> Iterable[T_co]: ...


class Naming:
    """The keys of each part of a report."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._series_order = [one.order for one in catalogue.calendar.series]

    def size(self, counted: str, count: int) -> tuple[Key, ...]:
        return (_own("sizes", counted, band(count, SIZE_BANDS[counted])),)

    def set_aside(self, reason: str) -> tuple[Key, ...]:
        return (_own("set_aside", "", reason),)

    def fact(self, key: str, value: str, type_: str) -> Iterator[Key]:
        """Yield the keys of a further key, if it is in the register; of another kind than there, it is set aside."""
        field = self.catalogue.fields.get(key)
        if field is None:
            return
        name = self.stands_for(key)
        if field.kind == "number" and type_ in ("integer", "real"):
            yield _own("facts", name, band(float(value), field.bands))
        elif field.kind == "band" and value in (band(start, field.bands) for start in field.bands):
            yield _own("facts", name, value)
        elif field.kind == "version" and type_ == "text":
            yield self._version("facts", key, value)
        elif field.kind == "word" and type_ == "text":
            yield self._key("facts", key, value)
        elif field.kind == "words" and type_ in ("array", "object"):
            words = dict.fromkeys(word for word in json.loads(value) if isinstance(word, str))
            yield from (self._key("facts", key, word) for word in words)
        else:
            yield _own("set_aside", "", f"{key} is not of its registered kind")
            return
        yield _own("reported_facts", "", name)

    def stands_for(self, key: str) -> str:
        """Return the further key under which this one is counted."""
        field = self.catalogue.fields.get(key)
        return field.stands_for or key if field else key

    def core(self, version: str) -> tuple[Key, ...]:
        return (self._version("core_versions", "", version),)

    def plugin(self, name: str, version: str | None) -> tuple[Key, ...]:
        return self._key("plugins", "", name), self._version("plugin_versions", name, version)

    def proxy(self, version: str | None, features: tuple[str, ...], core_series: str) -> tuple[Key, ...]:
        known = self.catalogue.features
        names = dict.fromkeys(known.get(fold(spelling), spelling) for spelling in features)
        return (
            self._version("proxy_versions", "", version),
            _own("proxy_skew", "", self._skew(series(version or ""), core_series)),
            *(self._key("proxy_features", "", name) for name in names),
        )

    def compute_resource(self, spelling: str) -> tuple[Key, ...]:
        name = self.catalogue.compute_resources.get(fold(spelling), spelling)
        return (self._key("compute_resources", "", name),)

    def _skew(self, proxy_series: str, core_series: str) -> str:
        """Return how many series a proxy is behind the core, as a word."""
        if UNKNOWN in (proxy_series, core_series):
            return UNKNOWN
        proxy, core = core_order(proxy_series), core_order(core_series)
        if proxy >= core:
            return "same series" if proxy == core else "newer"
        between = sum(proxy < order < core for order in self._series_order)
        return "1 series older" if between == 0 else "2 series or more older"

    def _version(self, mart: str, parent: str, version: str | None) -> Key:
        if version in _REPORTED_AS_UNKNOWN and mart != "core_versions":
            return _own(mart, parent, UNKNOWN)
        key = self._key(mart, parent, str(version))
        is_listed = ("version", key.name) in self.catalogue.listed
        return key._replace(is_known=key.is_known or is_listed, is_plain=is_plain(key.name))

    def _key(self, mart: str, parent: str, name: str) -> Key:
        return Key(mart, parent, name, is_publishable(name), (parent, name) in self.catalogue.known[mart])


def _own(mart: str, parent: str, name: str) -> Key:
    """Return the key of a word of ours."""
    return Key(mart, parent, name, is_publishable=True, is_known=True)
