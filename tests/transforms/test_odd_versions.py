"""Every odd version that real servers report has its place in the public tables."""

import json

from tests.reference import REFERENCE, needs_reference
from tests.transforms.given import Given
from vocabulary.versions import core_order, gem_order

# As reported by a core, in their order: (version, series, stage, freshness in the first weeks of 2026).
CORES = [
    ("0.1-6", "0.1", "release", "older"),  # a rebuild, after 0.1
    ("1.0RC5", "1.0", "candidate", "older"),  # what the released 1.0 says
    ("1.1RC4", "1.1", "candidate", "older"),
    ("1.2-develop", "1.2", "develop", "older"),
    ("1.14.0-RC1", "1.14", "candidate", "older"),
    ("1.25.0-develop", "1.25", "develop", "older"),  # became 2.0
    ("2.2.0-rc3", "2.2", "candidate", "older"),
    ("2.6.0-develop", "2.6", "develop", "older"),  # became 3.0
    ("3.5.0-rc1", "3.5", "candidate", "older"),
    ("3.12.0-develop", "3.12", "develop", "older"),
    ("5.0.0-rc1", "5.0", "candidate", "ahead"),  # what follows 3.19, planned as 3.20
]
VERSIONS = [version for version, *_ in CORES]
NOT_ANSWERED: list[str | None] = ["N/A", None]  # of a proxy
PLUGINS = [
    "0.0.1.dev1",
    "0.1.8.3",
    "0.3",
    "1.0.0.beta6",
    "1.0.0.rc.1",
    "2.0.4.pre.2",
    "3.15.3.1",
    "4.0.0-master",
    "4.0.0.pre.master",
    "4.14.0.8",
    "4.20.0-rc1",
    "4.20.0.rc1",
    "4.21.1.1",
    "5.1.0-master",
]
# Versions with other words than rc and develop, which might name somebody: in no catalogue for this plugin.
WITH_WORDS = ["0.0.1.dev1", "1.0.0.beta6", "2.0.4.pre.2", "4.0.0-master", "4.0.0.pre.master", "5.1.0-master"]
ENOUGH = 3  # installations that make a group


def report_each(given: Given, reports: list[dict[str, object]]) -> None:
    for week in (0, 1):
        for number, report in enumerate(reports):
            given.uploads(range(ENOUGH * number, ENOUGH * (number + 1)), [week], **report)
    given.refresh()


def test_every_core_version_has_its_series_stage_and_freshness(given: Given) -> None:
    report_each(given, [{"core_version": version} for version in VERSIONS])
    columns = "core_version, series, stage, freshness"
    shown = given.public(
        f"select {columns} from weekly_core_versions where week_start = '2026-01-12' order by sort_key"
    )
    assert shown == CORES


def test_every_proxy_version_has_its_place(given: Given) -> None:
    report_each(given, [{"proxies": [{"version": version, "features": []}]} for version in VERSIONS + NOT_ANSWERED])
    shown = given.public(
        "select version, installations from weekly_proxy_versions where week_start = '2026-01-12' order by sort_key"
    )
    assert shown == [*((version, 3) for version in VERSIONS), ("(unknown)", 6)]


def test_every_plugin_version_has_its_place(given: Given) -> None:
    """Once the operator has listed those with words of their own."""
    given.settings.names.write_text("kind,name\n" + "".join(f"version,{version}\n" for version in WITH_WORDS))
    assert plugin_versions(given) == [*((version, 3) for version in sorted(PLUGINS, key=gem_order)), ("(unknown)", 3)]


def test_plugin_versions_with_words_are_together_until_they_are_listed(given: Given) -> None:
    plain = sorted(set(PLUGINS) - set(WITH_WORDS), key=gem_order)
    others = [("(other)", 3 * len(WITH_WORDS)), ("(unknown)", 3)]
    assert plugin_versions(given) == [*((version, 3) for version in plain), *others]


def plugin_versions(given: Given) -> list[tuple[str, int]]:
    """Let three installations have each of the versions, and three none, and return what is shown of them."""
    named: list[str | None] = [*PLUGINS, None]
    report_each(given, [{"plugins": [{"name": "katello", "version": version}]} for version in named])
    return given.public(
        "select version, installations from weekly_plugin_versions where week_start = '2026-01-12' order by sort_key"
    )


def test_a_plugin_without_a_name_is_set_aside(given: Given) -> None:
    """Foreman was seen to list a plugin of which everything is null."""
    report_each(given, [{"plugins": [{"name": None, "version": None}]}])
    assert given.views("select distinct place, reason from set_aside") == [
        ("/plugins/0", "a plugin is an object with a name and a version")
    ]


@needs_reference
def test_the_list_of_odd_versions_is_whole() -> None:
    odd = json.loads((REFERENCE / "foreman" / "odd_versions.json").read_text())
    assert {version for version, _ in odd["core_and_proxy_versions"]} == {*VERSIONS, *NOT_ANSWERED}
    of_plugins = {version for version, _ in odd["plugin_versions"]} | set(odd["katello_status_versions"])
    assert of_plugins - {None} <= set(PLUGINS)


def test_the_lists_here_are_in_their_order() -> None:
    assert sorted(VERSIONS, key=core_order) == VERSIONS
