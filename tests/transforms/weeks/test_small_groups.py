"""Small groups fold into '(other)', which gives none of them away; names that may name somebody are not shown."""

import pytest

from tests.transforms.given import Given, monday

WEEK = f"where week_start = '{monday(1)}' order by 1"
CORE = f"select core_version, installations from weekly_core_versions {WEEK}"
PLUGINS = f"select plugin, installations from weekly_plugins {WEEK}"
TAGS = [f"{number:016x}" for number in range(9)]


def on_versions(given: Given, installations: dict[str, int]) -> None:
    """Let as many installations as said stand on each version in weeks 0 and 1."""
    for week in (0, 1):
        who = 0
        for version, count in installations.items():
            given.uploads(range(who, who + count), [week], core_version=version)
            who += count


def with_plugin(given: Given, name: str, tags: list[str | None]) -> None:
    for week in (0, 1):
        for who, tag in enumerate(tags):
            given.upload(who, week, tag=tag, plugins=[{"name": name, "version": "1.0.0"}])


def test_groups_below_k_are_together_in_other(given: Given) -> None:
    on_versions(given, {"3.12.0": 4, "3.11.0": 2, "3.10.0": 1})
    given.refresh()
    assert given.public(CORE) == [("(other)", 3), ("3.12.0", 4)]


def test_where_other_would_be_small_the_smallest_shown_group_folds_too(given: Given) -> None:
    on_versions(given, {"3.12.0": 5, "3.11.0": 4, "3.10.0": 2})
    given.refresh()
    assert given.public(CORE) == [("(other)", 6), ("3.12.0", 5)]


def test_an_installation_with_two_small_plugins_is_one_of_the_other(given: Given) -> None:
    names = ["katello", "foreman_puppet", "foreman_ansible", "foreman_discovery"]
    for week in (0, 1):
        for who in range(4):
            rare = names[1 + who % 3 :][:2] if who < 3 else names[:1]
            given.upload(
                who, week, plugins=[{"name": name, "version": None} for name in dict.fromkeys([*rare, "katello"])]
            )
    given.refresh()
    shown = dict(given.public(PLUGINS))
    assert shown["katello"] == 4
    assert shown.get("(other)", 0) in (0, 3)


def test_two_installations_with_a_small_plugin_show_no_other(given: Given) -> None:
    given.uploads(range(4), [0], plugins=[{"name": "katello", "version": None}])
    given.uploads([4, 5], [0], plugins=[{"name": "foreman_puppet", "version": None}])
    given.uploads(range(4), [1], plugins=[{"name": "katello", "version": None}])
    given.uploads([4, 5], [1], plugins=[{"name": "foreman_puppet", "version": None}])
    given.refresh()
    assert given.public(PLUGINS) == [("katello", 4)]


def test_versions_of_a_plugin_that_is_not_shown_are_not_either(given: Given) -> None:
    with_plugin(given, "acme_secret", [TAGS[0]] * 5)
    given.refresh()
    assert given.public("select * from weekly_plugin_versions") == []


@pytest.mark.parametrize(
    "name",
    [
        "<script>",
        "=cmd|calc",
        "+1",
        "-x",
        "@admin",
        "a" * 65,
        "root@example.com",
        "plugin\n",
        "plug\u202ein",
        "(other)",
    ],
)
def test_unsafe_names_are_other_from_any_number_of_networks(given: Given, name: str) -> None:
    with_plugin(given, name, [*TAGS[:4]])
    given.refresh()
    assert given.public(PLUGINS) == [("(other)", 4)]


def test_series_of_a_plugin_that_are_too_small_are_together(given: Given) -> None:
    """So that its rows add up to all who have the plugin."""
    plugins = [{"name": "katello", "version": "4.14.0"}]
    for week in (2, 3):  # the second is one of the weeks in which it is told what goes with a plugin
        for who, version in enumerate(["3.12.0"] * 6 + ["3.11.0"] * 6 + ["3.10.0"] * 2 + ["3.9.0"]):
            given.upload(who, week, core_version=version, plugins=plugins)
        given.uploads(range(20, 26), [week], core_version="3.10.0")
        given.uploads(range(30, 36), [week], core_version="3.9.0")
    given.refresh()
    assert given.public("select series, installations, n from plugin_series order by sort_key") == [
        ("3.11", 6, 15),
        ("3.12", 6, 15),
        ("(other)", 3, 15),
    ]


def test_freshness_does_not_lose_all_rare_versions_to_hide_one(given: Given) -> None:
    """One on a rare version of the latest series hides among a few of the rare old ones, not among all of these."""
    rare = {f"1.{number}.9": 1 for number in range(30)}
    on_versions(given, {"3.17.0": 20, "3.17.99": 1, **rare})
    given.refresh()
    shown = dict(given.public(f"select freshness, installations from weekly_freshness {WEEK}"))
    assert shown["older"] >= 28
    assert shown["(other)"] == 3
