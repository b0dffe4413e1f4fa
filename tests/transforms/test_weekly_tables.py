"""The tables of the contract: given a few installations, the rows of each."""

from datetime import UTC, datetime

from tests.transforms.given import Given, monday

CORE = "select core_version, series, installations from weekly_core_versions where week_start = '{}' order by 1"


def core(given: Given, week: int) -> list[tuple[object, ...]]:
    return given.public(CORE.format(monday(week)))


def test_an_installation_counts_from_its_second_week_on(given: Given) -> None:
    given.uploads(range(3), [0, 1])
    given.refresh()
    assert given.public("select week_start, established from weekly_installations")[0] == (monday(1), 3)


def test_many_uploads_in_one_week_do_not_establish(given: Given) -> None:
    given.uploads(range(3), [0, 0, 0])
    given.refresh()
    assert given.public("select * from weekly_installations") == []


def test_an_upload_keeps_active_for_its_week_and_the_three_after(given: Given) -> None:
    given.uploads(range(3), [0, 1])
    given.refresh()
    assert [week for (week,) in given.public("select week_start from weekly_installations")] == [
        monday(week) for week in (1, 2, 3, 4)
    ]


def test_coming_back_after_a_pause_counts_at_once(given: Given) -> None:
    """Established is for good: different weeks need not follow one another."""
    given.uploads(range(3), [0, 1, 9])
    given.refresh()
    assert monday(9) in [week for (week,) in given.public("select week_start from weekly_installations")]


def test_a_week_is_shown_three_days_after_its_end(given: Given) -> None:
    given.uploads(range(3), [0, 1])
    given.refresh(datetime(2026, 1, 21, 23, 59, 59, tzinfo=UTC))
    assert given.public("select * from weekly_installations") == []
    given.refresh(datetime(2026, 1, 22, tzinfo=UTC))
    assert given.public("select week_start from weekly_installations") == [(monday(1),)]


def test_sunday_night_and_monday_morning_are_two_weeks(given: Given) -> None:
    for at in ("2026-01-11T23:59:59Z", "2026-01-12T00:00:00Z"):
        for who in range(3):
            given.upload(who, 0, at=at)
    given.refresh()
    assert given.public("select week_start, established from weekly_installations limit 1") == [(monday(1), 3)]


def test_a_closed_week_stays_as_it_was_when_a_later_upload_says_otherwise(given: Given) -> None:
    given.uploads(range(3), [0, 1], core_version="3.11.0")
    given.uploads(range(3), [2], core_version="3.12.0")
    given.refresh()
    assert core(given, 1) == [("3.11.0", "3.11", 3)]
    assert core(given, 2) == [("3.12.0", "3.12", 3)]


def test_the_last_upload_of_a_week_is_what_the_week_shows(given: Given) -> None:
    given.uploads(range(3), [0, 1], core_version="3.11.0")
    given.uploads(range(3), [1], core_version="3.12.0")
    given.refresh()
    assert core(given, 1) == [("3.12.0", "3.12", 3)]


def test_plugins_count_installations_and_their_versions_likewise(given: Given) -> None:
    both = [{"name": "katello", "version": "4.14.0"}, {"name": "foreman_puppet", "version": "7.0.0"}]
    given.uploads(range(3), [0], plugins=both)
    given.uploads(range(3, 6), [0], plugins=both[:1] * 2)  # twice in one report counts once
    given.uploads(range(3), [1], plugins=both)
    given.uploads(range(3, 6), [1], plugins=both[:1] * 2)
    given.refresh()
    week = f"where week_start = '{monday(1)}' order by 1"
    assert given.public(f"select plugin, installations from weekly_plugins {week}") == [
        ("foreman_puppet", 3),
        ("katello", 6),
    ]
    assert given.public(f"select plugin, version, installations from weekly_plugin_versions {week}") == [
        ("foreman_puppet", "7.0.0", 3),
        ("katello", "4.14.0", 6),
    ]


def test_a_plugin_without_a_version_has_an_unknown_one(given: Given) -> None:
    given.uploads(range(3), [0, 1], plugins=[{"name": "katello", "version": None}])
    given.refresh()
    assert given.public("select distinct plugin, version from weekly_plugin_versions") == [("katello", "(unknown)")]


def test_features_fold_spellings_and_count_installations(given: Given) -> None:
    given.uploads(
        range(3),
        [0, 1],
        proxies=[
            {"version": "3.12.0", "features": ["Puppet CA", "DNS", "DNS"]},
            {"version": "3.11.0", "features": ["puppetca", "SSH"]},
            {"version": "N/A", "features": []},
        ],
    )
    given.refresh()
    week = f"where week_start = '{monday(1)}' order by 1"
    assert given.public(f"select feature, installations from weekly_proxy_features {week}") == [
        ("DNS", 3),
        ("Puppet CA", 3),
        ("Script", 3),
    ]
    assert given.public(f"select version, installations from weekly_proxy_versions {week}") == [
        ("(unknown)", 3),
        ("3.11.0", 3),
        ("3.12.0", 3),
    ]


def test_compute_resources_fold_spellings_and_count_installations(given: Given) -> None:
    given.uploads(range(3), [0, 1], compute_resources=["libvirt", "Libvirt", "VMWare", "Ovirt"])
    given.refresh()
    assert given.public(
        f"select lower(compute_resource), installations from weekly_compute_resources"
        f" where week_start = '{monday(1)}' order by 1"
    ) == [("libvirt", 3), ("ovirt", 3), ("vmware", 3)]


def test_with_the_defaults_two_weeks_of_four_installations_show_nothing(given: Given) -> None:
    given.environment = {"POPCON_NOISE": "0"}
    given.uploads(range(4), [0, 1], plugins=[{"name": "katello", "version": "4.14.0"}])
    given.refresh()
    for table, rows in given.contents().items():
        if table.startswith("weekly"):
            assert rows == []


def test_with_the_defaults_five_installations_in_two_weeks_are_shown(given: Given) -> None:
    given.environment = {"POPCON_NOISE": "0"}
    given.uploads(range(5), [0, 1])
    given.refresh()
    assert core(given, 1) == [("3.12.0", "3.12", 5)]


def test_hosts_count_as_a_number_or_as_its_band(given: Given) -> None:
    """And once where a report has both; a band that is none is set aside."""
    for week in (0, 1):
        given.uploads(range(3), [week], hosts_count=120)
        given.uploads(range(3, 6), [week], hosts_band="50-199")
        given.uploads(range(6, 9), [week], hosts_band="50-199", hosts_count=3)
        given.uploads([9], [week], hosts_band="51-198")
    given.refresh()
    expected = [("0-9", 3, 9), ("50-199", 6, 9)]
    where = f"week_start = '{monday(1)}' order by sort_key"
    assert (
        given.public(f"select band, installations, n from weekly_sizes where counted = 'hosts' and {where}") == expected
    )
    assert (
        given.public(f"select value, installations, n from weekly_facts where key = 'hosts_count' and {where}")
        == expected
    )
    assert given.public(f"select * from weekly_facts where key = 'hosts_band' and {where}") == []
