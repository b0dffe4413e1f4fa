"""A thing that has a page of its own: a plugin, a smart-proxy feature, a compute resource, a series of Foreman."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any
from urllib.parse import quote

from dashboard.questions.queries import Rows


@dataclass(frozen=True)
class Kind:
    """`name` is also the column and the parameter of its queries, and the first part of its pages' addresses."""

    name: str
    title: str
    plural: str
    list: str  # the query that ranks them now
    names: str  # the query that lists all that were ever shown: name, last_week, installations
    compare: str  # the query that compares up to five
    charts: Sequence[str]  # the queries about one of them, each with the parameter `name`

    def address(self, thing: str) -> str:
        return f"/{self.name}/{quote(thing, safe='')}"


@dataclass(frozen=True)
class Thing:
    """`installations` in its last week; `rank` among its kind, None where that week is not the latest."""

    kind: Kind
    name: str
    last_week: str
    installations: int
    rank: int | None = None


def kinds_of(metadata: Mapping[str, Any]) -> dict[str, Kind]:
    return {name: Kind(name, **words) for name, words in metadata["things"].items()}


def things_of(kind: Kind, found: Rows, latest: str) -> dict[str, Thing]:
    """The most widespread first; what is in brackets, such as '(other)', is no thing."""
    rows = sorted(found.rows, key=lambda row: (row[1] != latest, -row[2], row[0]))
    named = [row for row in rows if not row[0].startswith("(")]
    return {
        name: Thing(kind, name, last_week, installations, rank if last_week == latest else None)
        for rank, (name, last_week, installations) in enumerate(named, start=1)
    }


def that_contain(part: str, things: Mapping[str, Thing]) -> list[Thing]:
    """Without case, spaces, hyphens and underscores; those that begin with it first."""
    wanted = _plain(part)
    found = [thing for thing in things.values() if wanted in _plain(thing.name)]
    return sorted(found, key=lambda thing: not _plain(thing.name).startswith(wanted)) if wanted else []


def like(name: str, things: Mapping[str, Thing]) -> list[str]:
    """Names that may have been meant."""
    return get_close_matches(name[:64], things, n=3) if name else []


def _plain(name: str) -> str:
    return name.casefold().translate({ord(c): None for c in " -_"})
