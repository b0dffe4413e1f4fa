"""What installations report, held against the history that the catalogue tells."""

import re
from collections import defaultdict
from datetime import date

from simulation.history.releases import Releases
from simulation.installations.installation import NEWER_SENDERS_ON
from simulation.tables import CATALOG, FACTS, rows
from simulation.uploads import EPOCH, Upload
from tests.simulation.conftest import Report, Watched
from vocabulary.versions import core_order
from vocabulary.versions import series as series_of

ODD = {(row["field"].removesuffix("_added"), row["text"] or None) for row in rows(FACTS, "odd_strings.csv")}
OUT_ON = {row["reported_version"]: row["released_on"] for row in reversed(list(rows(CATALOG, "releases.csv")))}
PROXY_OUT_ON = {row["reported_version"]: row["released_on"] for row in rows(CATALOG, "smart_proxy_releases.csv")}


def day_of(upload: Upload) -> str:
    return date.fromordinal(EPOCH + upload.received_at // 86_400).isoformat()


def is_final(version: str) -> bool:
    return re.fullmatch(r"[\d.]+", version) is not None


def shipped() -> dict[str, set[tuple[str, str]]]:
    """Return the pairs of plugin and version that were packaged for each series."""
    pairs: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in [*rows(CATALOG, "plugin_versions.csv"), *rows(FACTS, "katello_versions.csv")]:
        pairs[row["series"]].add((row["plugin"], row["version"]))
    return pairs


def repository(series: str) -> str:
    """Return whose packages a core has: what came after 3.13 has those of develop, 1.25 and 2.6 became 2.0 and 3.0."""
    if core_order(series) > core_order("3.13"):
        return "develop"
    return {"1.25": "2.0", "2.6": "3.0"}.get(series, series)


def test_no_release_is_reported_before_its_day(three_years: Watched, at_survey: Watched) -> None:
    """Over three years and at the survey's time, a core version is uploaded on its day at the earliest."""
    seen = set()
    for upload, report in [*three_years.reports, *at_survey.reports]:
        core: str = report["core_version"]
        if ("core", core) not in ODD and "develop" not in core:
            assert OUT_ON[core] <= day_of(upload), core
            seen.add(core)
    assert len(seen) > 60


def test_no_proxy_release_is_reported_before_its_day(three_years: Watched) -> None:
    """A proxy's version, too, is uploaded on its day at the earliest."""
    for upload, report in three_years.reports:
        for proxy in report["proxies"]:
            version = proxy["version"]
            if version and ("proxy", version) not in ODD and "develop" not in version:
                assert PROXY_OUT_ON.get(version, OUT_ON.get(version, "9999")) <= day_of(upload), version


def test_plugins_come_in_versions_that_shipped_for_their_core(three_years: Watched, at_survey: Watched) -> None:
    """Each plugin's version stands in the package repository of the core's series, but for the odd ones."""
    packaged = shipped()
    checked = 0
    for _, report in [*three_years.reports, *at_survey.reports]:
        pairs = packaged[repository(series_of(report["core_version"]))]
        for plugin in report["plugins"]:
            if ("plugin", plugin["version"]) not in ODD:
                assert (plugin["name"], plugin["version"]) in pairs, report["core_version"]
                checked += 1
    assert checked > 50_000


def test_katello_brings_its_companions(today: Watched) -> None:
    """Whoever reports Katello reports the two plugins it cannot run without, and its proxy serves content."""
    with_katello = [
        report for report in today.cross_section if any(plugin["name"] == "katello" for plugin in report["plugins"])
    ]
    assert len(with_katello) > 500
    for report in with_katello:
        if core_order(series_of(report["core_version"])) >= core_order("2.4") and report["proxies"]:
            assert {"foreman-tasks", "foreman_remote_execution"} <= {plugin["name"] for plugin in report["plugins"]}
            assert {"Pulpcore", "Pulp3"} & set(report["proxies"][0]["features"])


def test_nobody_goes_back_and_some_skip(three_years: Watched) -> None:
    """From final release to final release a core only ever rises; some move by one series, some leave series out."""
    calendar, steps = Releases(), []
    cloned = {uuid for uuid, uploads in three_years.uploads.items() if is_cloned(uploads)}
    last: dict[str, str] = {}
    for upload, report in three_years.reports:
        core: str = report["core_version"]
        if upload.uuid in cloned or not is_final(core):
            continue
        before = last.get(upload.uuid, core)
        assert core_order(core) >= core_order(before)
        last[upload.uuid] = core
        if ("core", core) not in ODD and "satellite_version" not in report:
            steps.append(calendar.series.index(series_of(core)) - calendar.series.index(series_of(before)))
    assert min(steps.count(step) for step in (1, 2, 3)) > 20


def is_cloned(uploads: list[Upload]) -> bool:
    weeks = [upload.received_at // (7 * 86_400) for upload in uploads]
    return len(weeks) > len(set(weeks)) + 3


def test_diligence_differs(three_years: Watched) -> None:
    """In the last week some are on the newest series, some a year or two behind it, some far beyond that."""
    series = Releases().series
    behind = [
        series.index("5.0") - series.index(series_of(report["core_version"]))
        for report in three_years.cross_section
        if series_of(report["core_version"]) in series
    ]
    shares = [
        sum(least <= steps <= most for steps in behind) / len(behind) for least, most in ((0, 0), (3, 8), (9, 99))
    ]
    assert shares[0] > 0.3
    assert shares[1] > 0.1
    assert shares[2] > 0.02


def test_some_run_develop_and_candidates(three_years: Watched) -> None:
    """A few report nightlies of the series that was then under way, or candidates."""
    cores = {report["core_version"] for _, report in three_years.reports}
    assert {"3.11.0-develop", "3.19.0-develop", "3.20.0-develop"} <= cores
    assert any(re.fullmatch(r"3\.1\d\.0-rc\d", core) for core in cores)


def test_satellites_report_their_own_version_too(today: Watched) -> None:
    """About two in a hundred are SatelliteReleases, each a known one with the Foreman version that belongs to it."""
    pairs = {(row["satellite_version"], row["core_version"]) for row in rows(FACTS, "satellites.csv")}
    reports = today.cross_section
    satellites = [(r["satellite_version"], r["core_version"]) for r in reports if "satellite_version" in r]
    assert 0.01 < len(satellites) / len(reports) < 0.03
    assert {core for core in satellites if ("core", core[1]) not in ODD} <= pairs


def test_proxies_lag_and_some_cannot_be_reached(today: Watched) -> None:
    """A fifth of the further proxies is on an older series than its core, hardly one on a newer, some tell nothing."""
    lags = unreachable = ahead = 0
    further = [(r["core_version"], proxy["version"]) for r in today.cross_section for proxy in r["proxies"][1:]]
    for core, version in further:
        unreachable += version is None
        if version and is_final(version) and is_final(core) and ("proxy", version) not in ODD:
            lags += core_order(series_of(version)) < core_order(series_of(core))
            ahead += core_order(series_of(version)) > core_order(series_of(core))
    assert 0.05 < lags / len(further) < 0.4
    assert 0.01 < unreachable / len(further) < 0.05
    assert ahead == 0


def test_features_come_in_the_sets_that_proxies_have(today: Watched) -> None:
    """TFTP hardly ever stands without DHCP or DNS, and nobody has a Puppet CA without Puppet and its plugin often."""
    proxies = [proxy["features"] for report in today.cross_section for proxy in report["proxies"]]
    tftp = [features for features in proxies if "TFTP" in features]
    assert sum(not {"DHCP", "DNS"} & set(features) for features in tftp) / len(tftp) < 0.15
    authorities = [features for features in proxies if "Puppet CA" in features]
    assert sum("Puppet" not in features for features in authorities) / len(authorities) < 0.1
    assert all(len(features) == len(set(features)) for features in proxies)


def test_further_keys_come_from_newer_senders_only(three_years: Watched) -> None:
    """No further key before such senders exist, some of both kinds after, and families add up to all hosts."""
    first = NEWER_SENDERS_ON - EPOCH
    counts = [0, 0]
    for upload, report in three_years.reports:
        if "hosts_count" in report:
            assert upload.received_at // 86_400 >= first
            assert sum(report["operatingsystem_families"].values()) == report["hosts_count"]
        if upload.received_at // 86_400 >= first + 200:
            counts["hosts_count" in report] += 1
    assert min(counts) > 200


def test_a_report_has_the_agreed_shape(today: Watched) -> None:
    """Every report has its uuid and core version first and nothing next to the agreed keys."""
    keys = ["uuid", "core_version", "satellite_version", "proxies", "plugins", "compute_resources"]
    keys += ["hosts_count", "operatingsystem_families"]
    for report in today.cross_section:
        assert list(report) == [key for key in keys if key in report]
        assert shape(report) == {"proxies": list, "plugins": list, "compute_resources": list}


def shape(report: Report) -> dict[str, type]:
    return {key: type(report[key]) for key in ("proxies", "plugins", "compute_resources")}
