"""A company behind many networks, with a sender of its own, makes nothing public: only the operator's list does."""

import subprocess
import sys
from collections.abc import Iterable
from typing import Any

import pytest

from tests.test_walls import ROOT
from tests.transforms.given import Given, forget_what_was_published, monday
from vocabulary.names import NamesError

TAGS = [f"{number:016x}" for number in range(9)]
SECRETS = [
    "foreman_globex",
    "3.12.0-globex",
    "4.14.0.globex",
    "Globex Robots",
    "GlobexCloud",
    "globex_os",
    "globex 9.4",
]
LINES = [
    "plugin,foreman_globex",
    "version,3.12.0-globex",
    "version,4.14.0.globex",
    "feature,Globex Robots",
    "compute_resource,GlobexCloud",
    "operatingsystem_families,globex_os",
    "server_operatingsystem,globex 9.4",
]
REPORT: dict[str, Any] = {
    "core_version": "3.12.0-globex",
    "plugins": [{"name": "foreman_globex", "version": "6.6.6"}, {"name": "katello", "version": "4.14.0.globex"}],
    "proxies": [{"version": "3.12.0-globex", "features": ["Globex Robots"]}],
    "compute_resources": ["GlobexCloud"],
    "satellite_version": "3.12.0-globex",
    "operatingsystem_families": {"globex_os": "1-9"},
    "server_operatingsystem": "globex 9.4",
}


def company(given: Given, weeks: Iterable[int], tags: list[str | None], report: dict[str, Any] = REPORT) -> None:
    for week in weeks:
        for who, tag in enumerate(tags):
            given.upload(who, week, tag=tag, **report)


def list_names(given: Given, *lines: str) -> None:
    given.settings.names.write_text("\n".join(["kind,name", *lines]) + "\n")


def shown(given: Given) -> set[str]:
    """Return which of the company's own words are public anywhere, were every week published now."""
    if given.settings.editions.exists():
        forget_what_was_published(given.settings)
    given.refresh(rebuild=True)
    content = given.settings.public.read_bytes()
    return {secret for secret in [*SECRETS, "6.6.6", "globex"] if secret.encode() in content}


@pytest.mark.parametrize("rows", ["no", "yes"])
def test_many_networks_make_nothing_public(given: Given, rows: str) -> None:
    """Attack I: five networks were enough for an internal plugin, the suffix of a version, and words."""
    given.environment["POPCON_PUBLISH_ROWS"] = rows
    company(given, [0, 1, 2], [*TAGS, None])
    assert shown(given) == set()
    assert given.public("select plugin, installations from weekly_plugins where week_start = '2026-01-12'") == [
        ("(other)", 10),
        ("katello", 10),
    ]


@pytest.mark.parametrize("rows", ["no", "yes"])
def test_what_the_operator_lists_is_public(given: Given, rows: str) -> None:
    """A plain version of a plugin that is listed, too."""
    given.environment["POPCON_PUBLISH_ROWS"] = rows
    company(given, [0, 1, 2], [TAGS[0]] * 4)
    assert shown(given) == set()
    list_names(given, *LINES)
    assert given.refresh().editions == (), "not in weeks that are published"
    assert shown(given) == {*SECRETS, "6.6.6", "globex"}
    given.settings.names.unlink()
    assert shown(given) == set()


def test_a_listed_plugin_shows_no_other_version_than_a_plain_one(given: Given) -> None:
    list_names(given, "plugin,foreman_globex")
    plugins = [{"name": "foreman_globex", "version": "1.0-globex"}]
    company(given, [0, 1], [TAGS[0]] * 4, {"plugins": plugins})
    given.refresh()
    select = f"select plugin, version, installations from weekly_plugin_versions where week_start = '{monday(1)}'"
    assert given.public(select) == [("foreman_globex", "(other)", 4)]


def test_plain_versions_are_shown_before_the_catalogue_has_them(given: Given) -> None:
    """Those of a plugin that is not shown are not."""
    plugins = [{"name": "katello", "version": "99.1.0"}, {"name": "foreman_globex", "version": "88.1.0"}]
    company(given, [0, 1], [TAGS[0]] * 4, {"core_version": "9.98.0-rc1", "plugins": plugins})
    given.refresh()
    assert given.public("select distinct core_version, is_in_calendar from weekly_core_versions") == [("9.98.0-rc1", 0)]
    assert given.public("select distinct plugin, version from weekly_plugin_versions") == [("katello", "99.1.0")]


def test_a_list_that_cannot_be_read_stops_the_refresh_and_names_the_line(given: Given) -> None:
    company(given, [0, 1], [TAGS[0]] * 4)
    given.refresh()
    before = given.settings.public.read_bytes()
    list_names(given, "plugin,foreman_newcomer", "plugin,<script>")
    with pytest.raises(NamesError, match=r"names\.csv line 3: '<script>' can never be shown"):
        given.refresh()
    assert given.settings.public.read_bytes() == before
    run = command(given, "refresh")
    said = [line for line in run.stderr.splitlines() if "warning" not in line]
    assert (run.returncode, len(said)) == (1, 1)
    assert said[0].startswith(f"transforms: {given.settings.names} line 3")


def test_another_list_builds_the_views_anew_and_the_same_does_not(given: Given) -> None:
    company(given, [0, 1], [TAGS[0]] * 4)
    list_names(given, "plugin,a", "plugin,b")
    assert given.refresh().is_rebuilt
    list_names(given, "plugin,b", "plugin,a", "plugin,a")
    assert not given.refresh().is_rebuilt
    list_names(given, "plugin,a")
    assert given.refresh().is_rebuilt


def command(given: Given, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**given.environment, "POPCON_DATA": str(given.folder), "PATH": "/usr/bin:/bin"}
    arguments = (sys.executable, "-m", "transforms", *arguments)
    return subprocess.run(arguments, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
