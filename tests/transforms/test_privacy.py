"""What exact public tables give away together: subtraction between them, and what one installation's absence changes.

What figures with noise give away is in tests/privacy.
"""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.campaign import length, seeded, tell
from tests.transforms.given import Given
from tests.transforms.simulated import fill, uploads
from transforms.weeks.intervals import interval
from transforms.weeks.small_groups import Members, hidden_of_partition, refined, reveals_no_rest

K = 5
SIZES = st.dictionaries(st.integers(0, 99), st.integers(1, 12), max_size=12)

# Each subtracts what is shown of the members of a group from the group, in every week: (what it shows, select).
ATTACKS = {
    "versions from all": "select n - sum(installations) from weekly_core_versions group by week_start, n",
    "series from all": "select n - sum(installations) from weekly_core_series group by week_start, n",
    "freshness from all": "select n - sum(installations) from weekly_freshness group by week_start, n",
    "versions from their series": """
        select s.installations - sum(v.installations) from weekly_core_series as s
        join weekly_core_versions as v using (week_start, series)
        where s.series <> '(other)' group by s.week_start, series""",
    "series from their freshness": """
        select f.installations - sum(s.installations) from weekly_freshness as f
        join weekly_core_series as s using (week_start, freshness) where freshness <> '(other)'
        group by f.week_start, freshness""",
    "versions from their freshness": """
        select f.installations - sum(v.installations) from weekly_freshness as f
        join weekly_core_versions as v using (week_start, freshness) where freshness <> '(other)'
        group by f.week_start, freshness""",
    "other series from other versions": """
        select v.installations - s.installations from weekly_core_versions as v join weekly_core_series as s
        on v.week_start = s.week_start and v.core_version = '(other)' and s.series = '(other)'""",
    "other freshness from other series": """
        select s.installations - f.installations from weekly_core_series as s join weekly_freshness as f
        on s.week_start = f.week_start and s.series = '(other)' and f.freshness = '(other)'""",
    "versions from their plugin": """
        select n - sum(installations) from weekly_plugin_versions group by week_start, plugin, n""",
    "series from their plugin": "select n - sum(installations) from plugin_series group by plugin, n",
    "pairs from their plugin": "select n - installations from plugin_pairs",
    "bands from all": "select n - sum(installations) from weekly_sizes group by week_start, counted, n",
    "quarters from all": """
        select established - sum(installations) from weekly_retention join weekly_installations using (week_start)
        group by week_start""",
    "numbers from who reports them": """
        select n - sum(installations) from weekly_facts where key = 'hosts_count' group by week_start, n""",
    "established from active": "select active - established from weekly_installations where active is not null",
    "waiting from active": """
        select active - established - sum(installations) from weekly_installations
        join weekly_set_aside using (week_start)
        where scope = 'report' and active is not null group by week_start, active, established""",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_subtraction_gives_no_small_group_away(community: Given, attack: str) -> None:
    rests = [rest for (rest,) in community.public(ATTACKS[attack])]
    assert rests
    assert [rest for rest in rests if 0 < abs(rest) < K] == []


def test_every_table_has_rows(community: Given) -> None:
    """So that the attacks above attack something."""
    assert [table for table, rows in community.contents().items() if not rows] == []


def test_what_the_vandal_and_the_company_report_is_not_seen(community: Given) -> None:
    content = community.settings.public.read_bytes()
    for text in (b"<script", b"=cmd", b"\xe2\x80\xae", b"acme"):
        assert text not in content.lower()


@given(sizes=SIZES, k=st.integers(1, 8))
def test_what_folds_of_a_partition_is_nobody_or_k_at_least(sizes: dict[int, int], k: int) -> None:
    folded = hidden_of_partition(sizes, k)
    assert all(sizes[name] >= k for name in sizes.keys() - folded)
    rest = sum(sizes[name] for name in folded)
    assert rest == 0 or rest >= k or len(folded) == len(sizes)


@given(
    drawn=st.dictionaries(
        st.sampled_from("abcdef"), st.tuples(st.integers(0, 60), st.lists(st.integers(1, 9), max_size=30))
    ),
    k=st.integers(1, 8),
    nameable=st.sets(st.sampled_from("abcdef")),
)
def test_a_group_with_hidden_members_is_short_of_a_few_or_of_what_must_hide(
    drawn: dict[str, tuple[int, list[int]]], k: int, nameable: set[str]
) -> None:
    """And no difference between what is shown tells a group below k, if all hidden ones are k together."""
    groups = {name: Members(*each) for name, each in drawn.items()}
    shown = refined(groups, k, nameable)
    all_hidden = sum(sum(group.hidden) for group in groups.values())
    short = {name: group.shown + sum(group.hidden) - shown.get(name, 0) for name, group in groups.items()}
    more = [shown.get(name, 0) - group.shown for name, group in groups.items()]
    assert all(size == 0 or size >= k for size in more)
    assert (rest := sum(short.values())) == 0 or rest >= min(k, all_hidden)
    for name, group in groups.items():
        if name in nameable and sum(group.hidden) >= 2 * k + max(group.hidden, default=1):
            assert short[name] < k + max(group.hidden, default=1)


@given(count=st.integers(0, 50), more=st.integers(0, 50), noise=st.sampled_from([0, 2]))
def test_the_interval_holds_the_share(count: int, more: int, noise: int) -> None:
    if count + more:
        share, low, high = interval(count, count + more, noise)
        assert 0 <= low <= share <= high <= 1


def test_a_rest_of_a_few_is_revealing() -> None:
    assert not reveals_no_rest(8, [10], 5)


def test_without_any_one_installation_only_its_own_groups_change(tmp_path: Path) -> None:
    """Test 21 of the trust page."""
    random, seed = seeded()
    rounds = length(3, 25)
    tell(seed=seed, installations=rounds)
    some = list(uploads(120, 6, seed))
    whole = _plugins(fill(tmp_path / "whole", some))
    people = sorted({body["uuid"] for _, body, _ in some})
    for number, uuid in enumerate(random.sample(people, rounds)):
        without = _plugins(fill(tmp_path / str(number), [one for one in some if one[1]["uuid"] != uuid]))
        own = {entry["name"] for _, body, _ in some if body["uuid"] == uuid for entry in body["plugins"]}
        changed = {key for key in whole.keys() | without.keys() if whole.get(key) != without.get(key)}
        assert {plugin for _, plugin in changed} <= own | {"(other)"}
        assert min(without.values()) >= K


def _plugins(house: Given) -> dict[tuple[str, str], int]:
    rows: Iterable[tuple[str, str, int]]
    with closing(sqlite3.connect(house.settings.public)) as public:
        rows = public.execute("select week_start, plugin, installations from weekly_plugins").fetchall()
    return {(week, plugin): installations for week, plugin, installations in rows}
