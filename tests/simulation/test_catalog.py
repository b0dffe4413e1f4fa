"""The catalogue: consistent in itself, and the same as the reference it was taken from, where that is at hand."""

import csv

import pytest

from simulation.history.releases import Releases, order_of
from simulation.history.repositories import Shipped
from simulation.tables import CATALOG, FACTS, rows
from tests.reference import REFERENCE, needs_reference
from vocabulary.versions import core_order
from vocabulary.versions import series as series_of


@pytest.mark.parametrize("name", ["releases.csv", "smart_proxy_releases.csv"])
def test_releases_are_one_a_line_in_order_of_day(name: str) -> None:
    """Each release stands once, readable, after those that came before it."""
    releases = list(rows(CATALOG, name))
    assert len({row["version"] for row in releases}) == len(releases)
    days = [row["released_on"] for row in releases]
    assert days == sorted(days)
    assert all(core_order(row["version"]) and row["reported_version"] for row in releases)


def test_what_a_release_reports_may_differ() -> None:
    """The released 1.0 reports 1.0RC5."""
    reported = {row["version"]: row["reported_version"] for row in rows(CATALOG, "releases.csv")}
    assert (reported["1.0"], reported["3.9.1"]) == ("1.0RC5", "3.9.1")


@pytest.mark.parametrize("name", ["feature", "compute_resource"])
def test_aliases_point_at_names_in_use(name: str) -> None:
    """An alias leads straight to a canonical name and is none itself."""
    canonical = {row[name] for row in rows(CATALOG, f"{name}s.csv")}
    aliases = {row["spelling"]: row[name] for row in rows(CATALOG, f"{name}_aliases.csv")}
    assert set(aliases.values()) <= canonical
    assert not aliases.keys() & canonical


def test_facts_speak_of_what_the_catalogue_knows() -> None:
    """Every plugin, feature and resource of the simulation's facts is a name of the catalogue."""
    plugins = {row["plugin"] for row in rows(CATALOG, "plugins.csv")}
    assert {row["plugin"] for row in rows(FACTS, "plugins.csv")} <= plugins
    assert {row["companion"] for row in rows(FACTS, "companions.csv")} <= plugins
    features = {row["feature"] for row in rows(CATALOG, "features.csv")} | {"SSH"}
    assert {row["feature"] for row in rows(FACTS, "features.csv")} <= features
    resources = {row["compute_resource"] for row in rows(CATALOG, "compute_resources.csv")}
    assert {row["compute_resource"] for row in rows(FACTS, "compute_resources.csv")} <= resources


def test_shares_of_alternatives_add_up() -> None:
    """The kinds of admins and the roles of proxies make 100 percent, classes of sizes all but rounding."""
    for name in ("admins.csv", "roles.csv"):
        assert sum(float(row["share_percent"]) for row in rows(FACTS, name)) == 100
    for question in ("hosts", "proxies"):
        shares = [float(row["share_percent"]) for row in rows(FACTS, "buckets.csv") if row["question"] == question]
        assert sum(shares) == pytest.approx(100, abs=0.2)


@pytest.mark.parametrize(
    ("lower", "higher"),
    [
        ("1.9.0", "1.10.0-RC1"),
        ("1.14.0-RC2", "1.14.0-rc10"),
        ("3.9.0-rc3", "3.9.0"),
        ("0.1", "0.1-6"),
        ("1.1RC4", "1.1"),
    ],
)
def test_versions_are_ordered_as_foreman_means_them(lower: str, higher: str) -> None:
    """Numbers count as numbers, a candidate comes before its release, a later build after it."""
    assert core_order(lower) < core_order(higher)


def test_the_calendar_answers_for_a_day() -> None:
    """On a day the newest release, candidate, patch and nightly are those of the history."""
    calendar = Releases()
    day = 738_996  # 2024-04-22
    assert calendar.newest(day).text == "3.10.0"
    assert calendar.newest_candidate(day).text == "3.10.0"
    assert calendar.patched("3.9", day - 0) == calendar.patched("3.9", day)
    assert (calendar.patched("3.11", day), calendar.develop(day).text) == (None, "3.11.0-develop")


def test_an_unreadable_version_is_named() -> None:
    """A version in the calendar that has no order stops the simulation by name."""
    with pytest.raises(ValueError, match="'nightly' in the release calendar"):
        order_of("nightly")


@pytest.mark.parametrize(
    ("series", "repository"),
    [("3.9", "3.9"), ("3.19", "develop"), ("1.25", "2.0"), ("2.6", "3.0"), ("1.2", "1.2")],
)
def test_series_without_packages_of_their_own_use_others(series: str, repository: str) -> None:
    """What came after the list ends has the develop packages, what was renamed the new name's."""
    assert Shipped().repository(series) == repository


def reference(name: str) -> list[dict[str, str]]:
    with (REFERENCE / "foreman" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@needs_reference
@pytest.mark.parametrize("name", ["releases.csv", "smart_proxy_releases.csv"])
def test_releases_are_those_of_the_reference(name: str) -> None:
    """Version, day and reported text of every release agree."""
    wanted = [(row["version"], row["date"], row["VERSION_file"] or row["version"]) for row in reference(name)]
    assert [(row["version"], row["released_on"], row["reported_version"]) for row in rows(CATALOG, name)] == wanted


@needs_reference
def test_plugins_are_those_of_the_reference() -> None:
    """Names, kinds, versions by series and days of packaging agree, but for one name that carries its version."""
    plugins = [(row["name"], row["kind"], row["first_packaged_date"]) for row in reference("plugins.csv")]
    assert [(row["plugin"], row["kind"], row["first_packaged_on"]) for row in rows(CATALOG, "plugins.csv")] == plugins
    versions = {
        (row["foreman_release"], row["plugin"].removesuffix("-0.1"), row["version"])
        for row in reference("plugin_versions_by_foreman_release.csv")
    }
    assert {(row["series"], row["plugin"], row["version"]) for row in rows(CATALOG, "plugin_versions.csv")} == versions
    days = [(row["plugin"], row["version"], row["rpm_changelog_date"]) for row in reference("plugin_version_dates.csv")]
    own = rows(CATALOG, "plugin_version_dates.csv")
    assert [(row["plugin"], row["version"], row["packaged_on"]) for row in own] == days


@needs_reference
def test_shares_are_those_of_the_survey() -> None:
    """Every share said to be the survey's of 2017 stands in it."""
    survey = {
        (row["question"], float(row["value"]))
        for row in reference("survey_numbers.csv")
        if row["survey_year"] == "2017" and row["question"] in ("plugins", "proxy features", "compute resources")
    }
    tables = {"plugins": "plugins.csv", "compute resources": "compute_resources.csv", "proxy features": "features.csv"}
    for question, name in tables.items():
        for row in rows(FACTS, name):
            if row["source"].startswith("survey 2017") and not row.get("of_plugin"):
                assert (question, float(row["share_percent"])) in survey, row
    assert series_of("3.9.1") == "3.9"
