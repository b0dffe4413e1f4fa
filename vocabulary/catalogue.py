"""What is publicly known of Foreman: releases, plugins, features, and the spellings of each (`catalog/*.csv`).

The operator can add names to it (`vocabulary/names.py`).
"""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from vocabulary.fields import Field, read_fields
from vocabulary.release_calendar import ReleaseCalendar

FOLDER = Path(__file__).with_name("catalog")

_WHITE_SPACE = re.compile(r"\s+")


def fold(spelling: str) -> str:
    """Return `spelling` without case and white space, as Foreman compares features (`Feature.name_map`)."""
    return _WHITE_SPACE.sub("", spelling).lower()


@dataclass(frozen=True)
class Catalogue:
    """Canonical names by folded spelling, and what is known under each heading."""

    features: dict[str, str]
    compute_resources: dict[str, str]
    known: dict[str, frozenset[tuple[str, str]]]  # by mart: (parent, name)
    fields: dict[str, Field]
    calendar: ReleaseCalendar
    listed: frozenset[tuple[str, str]] = frozenset()  # (kind, name) that the operator has added

    @classmethod
    def read(cls, folder: Path = FOLDER) -> "Catalogue":
        """Read the CSV files in `folder`; raise OSError or KeyError where one lacks a file or column."""
        features = _canonical(folder, "feature", "features.csv", "feature_aliases.csv")
        compute_resources = _canonical(
            folder, "compute_resource", "compute_resources.csv", "compute_resource_aliases.csv"
        )
        return cls(
            features=features,
            compute_resources=compute_resources,
            known={
                "core_versions": _versions(folder, "releases.csv"),
                "plugins": frozenset(("", row["plugin"]) for row in _rows(folder, "plugins.csv")),
                "plugin_versions": frozenset(
                    (row["plugin"], row["version"])
                    for file in ("plugin_versions.csv", "plugin_version_dates.csv")
                    for row in _rows(folder, file)
                ),
                "proxy_versions": _versions(folder, "smart_proxy_releases.csv"),
                "proxy_features": frozenset(("", name) for name in features.values()),
                "compute_resources": frozenset(("", name) for name in compute_resources.values()),
                "facts": frozenset((row["key"], row["word"]) for row in _rows(folder, "words.csv")),
            },
            fields={
                field.key: field for field in read_fields(folder / "fields.csv") if field.is_published and field.kind
            },
            calendar=ReleaseCalendar((row["version"], row["released_on"]) for row in _rows(folder, "releases.csv")),
        )

    def with_names(self, listed: Iterable[tuple[str, str]]) -> "Catalogue":
        """Return the catalogue with more names: (kind, name), the kind one of `vocabulary.names.kinds`.

        A listed version is known of whatever has it, but is in no calendar.
        """
        ordered = sorted(listed)

        def of_kind(kind: str) -> list[str]:
            return [name for listed_kind, name in ordered if listed_kind == kind]

        features = {fold(name): name for name in of_kind("feature")} | self.features
        compute_resources = {fold(name): name for name in of_kind("compute_resource")} | self.compute_resources
        more = {
            "plugins": (("", name) for name in of_kind("plugin")),
            "proxy_features": (("", name) for name in features.values()),
            "compute_resources": (("", name) for name in compute_resources.values()),
            "facts": ((kind, name) for kind, name in ordered if kind in self.fields),
        }
        return replace(
            self,
            features=features,
            compute_resources=compute_resources,
            known=self.known | {mart: self.known[mart].union(names) for mart, names in more.items()},
            listed=frozenset(ordered),
        )


def _rows(folder: Path, file: str) -> Iterator[dict[str, str]]:
    with (folder / file).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _canonical(folder: Path, column: str, names: str, aliases: str) -> dict[str, str]:
    known = {fold(row[column]): row[column] for row in _rows(folder, names)}
    return known | {fold(row["spelling"]): row[column] for row in _rows(folder, aliases)}


def _versions(folder: Path, file: str) -> frozenset[tuple[str, str]]:
    return frozenset(("", row[column]) for row in _rows(folder, file) for column in ("version", "reported_version"))
