"""The community measured against the surveys it is made from.

The target is the survey of 2017, the last one that published shares of respondents for plugins, features and compute
resources alike.  It is measured at its own time, the week in which it was published, as the latest report of every
installation: 5,000 of them, so that chance alone moves a share by less than 2 points.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date

import pytest

from simulation.community import Community
from simulation.tables import CATALOG, FACTS, rows
from tests.simulation.conftest import Report, Watched
from vocabulary.versions import series as series_of

WITHIN = 3.0  # points
NAMED_NONE = 12.7  # percent: 26 of 204
REMOTE_EXECUTION = "foreman_remote_execution"
HOSTS = [(0, 9), (10, 49), (50, 199), (200, 599), (600, 999), (1000, 9999), (10_000, 10**9)]


def percent(names: Iterable[Iterable[str]]) -> dict[str, float]:
    """Return for each name the percentage of the collections that hold it."""
    collections = list(names)
    counts = Counter(name for collection in collections for name in set(collection))
    return {name: 100 * count / len(collections) for name, count in counts.items()}


def assert_close(measured: dict[str, float], wanted: dict[str, float], points: float = WITHIN) -> None:
    far = {name: (measured.get(name, 0.0), share) for name, share in wanted.items()}
    assert {name: pair for name, pair in far.items() if abs(pair[0] - pair[1]) > points} == {}


def plugins_of(report: Report) -> list[str]:
    return [plugin["name"] for plugin in report["plugins"]]


def resources_of(report: Report) -> list[str]:
    alias = {row["spelling"]: row["compute_resource"] for row in rows(CATALOG, "compute_resource_aliases.csv")}
    names = [alias.get(text, text.lower()) for text in report["compute_resources"]]
    return ["azure" if name == "azurerm" else name for name in names]


def features_of(report: Report) -> list[str]:
    alias = {row["spelling"]: row["feature"] for row in rows(CATALOG, "feature_aliases.csv")}
    return [alias.get(text, text) for proxy in report["proxies"] for text in proxy["features"]]


SURVEYED = [row for row in rows(FACTS, "plugins.csv") if row["source"].startswith("survey")]
TEN_COMMONEST = {row["plugin"]: float(row["share_percent"]) for row in SURVEYED[:10]}
FEATURES = {
    row["feature"]: float(row["share_percent"])
    for row in rows(FACTS, "features.csv")
    if row["source"].startswith("survey") and not row["of_plugin"]
} | {"Openscap": 10.1}
RESOURCES = {
    row["compute_resource"]: float(row["share_percent"])
    for row in rows(FACTS, "compute_resources.csv")
    if row["source"].startswith("survey")
}


def test_the_ten_commonest_plugins_have_the_share_of_the_survey(at_survey: Watched) -> None:
    """Each of the ten plugins that the survey names most is within 3 points of its share."""
    assert_close(percent(map(plugins_of, at_survey.cross_section)), TEN_COMMONEST)


def test_features_have_the_share_of_the_survey(at_survey: Watched) -> None:
    """Each feature that the survey asked for is within 3 points of its share."""
    assert len(FEATURES) == 11
    assert_close(percent(map(features_of, at_survey.cross_section)), FEATURES)


def test_compute_resources_have_the_share_of_the_survey(at_survey: Watched) -> None:
    """Each compute resource that the survey asked for, and Foreman knows, is within 3 points of its share."""
    assert len(RESOURCES) == 11
    assert_close(percent(map(resources_of, at_survey.cross_section)), RESOURCES)


def test_plugins_for_each_installation_are_about_as_many_as_the_survey_says(at_survey: Watched) -> None:
    """Without what comes along by itself, an installation has about the survey's 3.94 plugins."""
    named = {row["plugin"] for row in SURVEYED}
    counts = [len(named.intersection(plugins_of(report))) for report in at_survey.cross_section]
    assert 3.4 < sum(counts) / len(counts) < 4.2


def test_proxies_for_each_installation_follow_the_survey(at_survey: Watched) -> None:
    """None, 1, 2-4, 5-9, 10 and more proxies have the survey's shares within 3 points."""
    buckets = {
        row["least"]: float(row["share_percent"]) for row in rows(FACTS, "buckets.csv") if row["question"] == "proxies"
    }
    measured = percent(
        [str(max(least for least in (0, 1, 2, 5, 10) if least <= len(report["proxies"])))]
        for report in at_survey.cross_section
    )
    assert_close(measured, buckets)


def test_sizes_follow_the_survey(today: Watched) -> None:
    """Where hosts are counted, the survey's classes of size have its shares within 3 points."""
    sizes = [report["hosts_count"] for report in today.cross_section if "hosts_count" in report]
    buckets = [row for row in rows(FACTS, "buckets.csv") if row["question"] == "hosts"]
    wanted = {row["least"]: float(row["share_percent"]) for row in buckets[:6]} | {"10000": 2.0}
    assert_close(
        percent([str(next(least for least, most in HOSTS if least <= size <= most))] for size in sizes), wanted
    )


def test_what_still_ships_keeps_its_share_today(today: Watched) -> None:
    """In the newest week the survey's plugins that the newest Foreman still has are within 3 points of their shares.

    Hooks are no longer packaged, and remote execution has a test of its own.
    """
    wanted = {name: share for name, share in TEN_COMMONEST.items() if name not in ("foreman_hooks", REMOTE_EXECUTION)}
    assert_close(percent(map(plugins_of, today.cross_section)), wanted)


def test_remote_execution_is_chosen_as_often_as_the_survey_says_where_it_is_a_choice(today: Watched) -> None:
    """Without the plugins that bring it along by now, remote execution has the share of those who named any plugin."""
    named = {row["plugin"] for row in SURVEYED} - {REMOTE_EXECUTION}
    bringing = {row["plugin"] for row in rows(FACTS, "companions.csv") if row["companion"] == REMOTE_EXECUTION}
    reports = [set(plugins_of(report)) for report in today.cross_section]
    free = [plugins for plugins in reports if plugins & named and not plugins & bringing]
    assert_close(percent(free), {REMOTE_EXECUTION: 100 * TEN_COMMONEST[REMOTE_EXECUTION] / (100 - NAMED_NONE)})


def test_features_and_resources_keep_their_share_today(today: Watched) -> None:
    """In the newest week features, and resources that Foreman still has, are within 3 points of their shares."""
    reports = today.cross_section
    assert_close(percent(map(features_of, reports)), FEATURES)
    still = ("vmware", "libvirt", "ec2", "openstack", "ovirt", "azure", "gce")
    assert_close(percent(map(resources_of, reports)), {name: RESOURCES[name] for name in still})


@pytest.mark.parametrize(
    ("until", "shares"),
    [
        (date(2017, 4, 3), {"1.14": 34.8, "1.13": 35.8, "1.12": 14.2}),
        (date(2019, 2, 11), {"1.20": 49.3, "1.19": 23.3, "1.18": 13.8}),
    ],
)
def test_versions_spread_as_the_surveys_saw_it(until: date, shares: dict[str, float]) -> None:
    """A survey's shares of versions come out within 12 points: upgrades are modelled, not fitted to one survey."""
    watched = Watched.over(Community(1500, 3, seed=5, until=until))
    measured = percent([series_of(report["core_version"])] for report in watched.cross_section)
    assert_close(measured, shares, points=12)
