"""Two communities that several tests look at: one at the time of the survey, one of today."""

import itertools
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import orjson
import pytest

from simulation.community import Community
from simulation.uploads import Upload

Report = dict[str, Any]
SURVEY_DAY = date(2017, 4, 3)  # the results were published on 2017-03-29; the week before this Monday holds it


def read(upload: Upload) -> Report:
    report: Report = orjson.loads(upload.body())
    return report


@dataclass(frozen=True)
class Watched:
    """A community's uploads, kept by installation in order, for tests only."""

    community: Community
    uploads: dict[str, list[Upload]]

    @classmethod
    def over(cls, community: Community) -> "Watched":
        uploads: dict[str, list[Upload]] = {}
        for upload in community.uploads():
            uploads.setdefault(upload.uuid, []).append(upload)
        return cls(community, uploads)

    @cached_property
    def cross_section(self) -> list[Report]:
        """The latest report of each installation."""
        return [read(uploads[-1]) for uploads in self.uploads.values()]

    @cached_property
    def reports(self) -> list[tuple[Upload, Report]]:
        """Each upload that says something else than the installation's one before, with its report."""
        return [
            (upload, read(upload))
            for uploads in self.uploads.values()
            for before, upload in itertools.pairwise([None, *uploads])
            if upload and (not before or upload.configuration != before.configuration)
        ]


@pytest.fixture(scope="session")
def at_survey() -> Watched:
    return Watched.over(Community(5000, 4, seed=2017, until=SURVEY_DAY))


@pytest.fixture(scope="session")
def today() -> Watched:
    return Watched.over(Community(2500, 26, seed=3))


@pytest.fixture(scope="session")
def three_years() -> Watched:
    return Watched.over(Community(400, 156, seed=4))
