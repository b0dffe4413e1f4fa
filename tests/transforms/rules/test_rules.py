"""Ballot stuffing: the cap of one network, and what the operator sets aside."""

from typing import Any

import pytest

from tests.transforms.given import Given, monday, uuid
from vocabulary.rules import RuleError

ESTABLISHED = "select week_start, established from weekly_installations order by 1 limit 1"
HEADER = "field,value,first_day,last_day,reason\n"


def from_network(given: Given, who: range, weeks: list[int], tag: str | None, **report: Any) -> None:
    for week in weeks:
        for one in who:
            given.upload(one, week, tag=None if tag is None else f"{tag}{week:02}" + "00" * 6, **report)


def test_at_most_twenty_of_one_network_are_established_in_a_week(given: Given) -> None:
    from_network(given, range(25), [0, 1, 2], "aa")
    given.refresh()
    assert given.public(ESTABLISHED) == [(monday(1), 20)]
    assert given.public(
        "select distinct scope, reason, installations from weekly_set_aside where scope = 'report'"
    ) == [("report", "too many newly established from one network in one week", 5)]
    assert given.views("select count(*) from set_aside where reason like 'too many%'") == [(5,)]


def test_uploads_without_a_tag_are_exempt_from_the_cap(given: Given) -> None:
    from_network(given, range(25), [0, 1], None)
    given.refresh()
    assert given.public(ESTABLISHED) == [(monday(1), 25)]


def test_ten_thousand_from_three_networks_in_one_night_move_no_headline(given: Given) -> None:
    """Test 22 of the trust page, in short: one week is no two weeks."""
    given.uploads(range(30), [0, 1], plugins=[{"name": "katello", "version": "4.14.0"}])
    given.refresh()
    tables = ("weekly_core_versions", "weekly_plugins", "weekly_core_series", "weekly_freshness", "weekly_sizes")
    before = {table: given.public(f"select * from {table} where week_start = '{monday(1)}'") for table in tables}
    for tag in ("aa", "bb", "cc"):
        from_network(given, range(1000, 1100), [1], tag, plugins=[{"name": "foreman_omaha", "version": "0.0.1"}])
    given.refresh()
    for table in tables:
        assert given.public(f"select * from {table} where week_start = '{monday(1)}'") == before[table]


@pytest.mark.parametrize(
    "rule",
    [
        f"uuid,{uuid(3)},,,stuffing",
        "network_tag,aa01000000000000,,,stuffing",
        "core_version,3.11.0,,,stuffing",
        "plugin,foreman_omaha,,,stuffing",
        "plugin,foreman_omaha,2026-01-01,2026-12-31,stuffing",
    ],
)
def test_what_falls_under_a_rule_is_set_aside_and_comes_back_without_it(given: Given, rule: str) -> None:
    given.uploads([0, 1, 2], [0, 1])
    given.upload(
        3, 1, tag="aa01000000000000", core_version="3.11.0", plugins=[{"name": "foreman_omaha", "version": "1"}]
    )
    given.refresh()
    without = given.contents()
    given.settings.rules.write_text(HEADER + rule + "\n")
    given.refresh()
    assert given.views("select seq, reason from set_aside") == [(7, "stuffing")]
    assert given.views("select count(*) from uploads") == [(3,)]
    given.settings.rules.unlink()
    given.refresh()
    assert given.contents() == without


def test_the_reason_of_a_rule_is_published_from_k_installations_on(given: Given) -> None:
    given.uploads(range(3), [0, 1])
    given.uploads(range(3, 8), [1], core_version="3.11.0")
    given.settings.rules.write_text(HEADER + "core_version,3.11.0,,,a broken image\n")
    given.refresh()
    assert given.public("select week_start, scope, reason, installations from weekly_set_aside") == [
        (monday(1), "report", "a broken image", 5)
    ]


def test_a_rule_outside_its_days_does_nothing(given: Given) -> None:
    given.upload(1, 0)
    given.settings.rules.write_text(HEADER + f"uuid,{uuid(1)},2026-02-01,,later\n")
    given.refresh()
    assert given.views("select * from set_aside") == []


@pytest.mark.parametrize(
    "text",
    [
        "uuid\n",
        HEADER + "colour,red,,,why\n",
        HEADER + "uuid,,,,why\n",
        HEADER + "uuid,x,,,why, indeed\n",
        HEADER + "uuid,\udcff,,,why\n",
        HEADER + "uuid," + 60_000 * "x" + ",,,why\n",
        HEADER + "uuid," + 200_000 * "x" + ",,,why\n",
    ],
)
def test_rules_that_cannot_be_read_stop_the_refresh(given: Given, text: str) -> None:
    given.upload(1, 0)
    given.settings.rules.write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(RuleError, match=r"rules\.csv"):
        given.refresh()
