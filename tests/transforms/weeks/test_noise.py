"""The noise on every figure: how it is distributed, and that it tells nothing of who is in a cell."""

from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from math import sqrt

from tests.transforms.given import Given, monday
from transforms.weeks.intervals import interval
from transforms.weeks.noise import BOUND, STANDARD_DEVIATION, NoiseKey

KEY = NoiseKey(bytes(32))
DRAWS = 40_000
KATELLO = [{"name": "katello", "version": "4.14.0"}]
BOTH = [*KATELLO, {"name": "foreman_puppet", "version": "7.0.0"}]


def draws(cell: tuple[str, ...] = ("plugins", "", "katello")) -> list[int]:
    return [KEY.noise("2026-01-05", 1, cell, record_keys) for record_keys in range(DRAWS)]


def test_the_noise_has_mean_0_its_standard_deviation_and_its_bound() -> None:
    drawn = Counter(draws())
    assert set(drawn) == set(range(-BOUND, BOUND + 1))
    mean = sum(value * times for value, times in drawn.items()) / DRAWS
    variance = sum(value * value * times for value, times in drawn.items()) / DRAWS
    assert abs(mean) < 4 * STANDARD_DEVIATION / sqrt(DRAWS)
    assert abs(variance - STANDARD_DEVIATION**2) < 0.1
    assert all(drawn[value] > drawn[value + 1] for value in range(BOUND))  # small noise is the most likely


def test_the_same_cell_has_the_same_noise_and_any_other_one_of_its_own() -> None:
    """Independent: of two cells with the same members, no more have the same noise than chance makes."""
    first = draws()
    assert first == draws()
    by_chance = sum((times / DRAWS) ** 2 for times in Counter(first).values())
    others = [
        draws(("plugins", "", "katellp")),
        [KEY.noise("2026-01-12", 1, ("plugins", "", "katello"), number) for number in range(DRAWS)],
        [KEY.noise("2026-01-05", 2, ("plugins", "", "katello"), number) for number in range(DRAWS)],
        [NoiseKey(b"other").noise("2026-01-05", 1, ("plugins", "", "katello"), number) for number in range(DRAWS)],
        first[1:] + first[:1],
    ]
    for other in others:
        same = sum(one == another for one, another in zip(first, other, strict=True)) / DRAWS
        assert abs(same - by_chance) < 0.015


def test_a_cell_is_not_mixed_up_with_another_whose_words_are_cut_otherwise() -> None:
    cells = [("plugins", "", "a"), ("plugins", "a", ""), ("plugin", "s", "a")]
    assert len({KEY.cell_id(cell) for cell in cells}) == 3
    assert KEY.record_key("a") != NoiseKey(b"other").record_key("a")
    assert 0 <= KEY.record_key("a") < 2**32


def test_equal_groups_show_different_figures_and_one_cell_shows_one(make_given: Callable[..., Given]) -> None:
    """M of the attacks: were the noise by members alone, equal figures would prove equal groups."""
    given = make_given(POPCON_NOISE="2", POPCON_MIN_GROUP="5")
    given.uploads(range(40), range(14), plugins=BOTH, hosts_count=3)
    given.refresh()
    by_week = {}
    for week, one, other in given.public(
        "select week_start, max(iif(plugin = 'katello', installations, 0)),"
        " max(iif(plugin <> 'katello', installations, 0)) from weekly_plugins group by week_start"
    ):
        by_week[week] = (one, other)
        assert abs(one - 40) <= BOUND
        assert abs(other - 40) <= BOUND
    assert any(one != other for one, other in by_week.values())
    assert any(one != other for one, other in pairwise(by_week.values()))
    same = """
        select count(*), sum(s.installations = f.installations and s.n = f.n) from weekly_sizes as s
        join weekly_facts as f using (week_start) where counted = 'hosts' and key = 'hosts_count' and band = value"""
    [(count, equal)] = given.public(same)
    assert count == equal > 10
    [(wrong,)] = given.public(
        "select count(*) from weekly_plugin_versions as v join weekly_plugins as p using (week_start, plugin)"
        " where v.n <> p.installations"
    )
    assert wrong == 0


def test_a_pair_has_one_figure_from_both_sides(make_given: Callable[..., Given]) -> None:
    given = make_given(POPCON_NOISE="2", POPCON_MIN_GROUP="5")
    given.uploads(range(60), range(2, 5), plugins=BOTH)
    given.refresh()
    rows = given.public("select week_start, plugin, installations, n from plugin_pairs")
    assert [(week, plugin) for week, plugin, *_ in rows] == [(monday(3), "foreman_puppet"), (monday(3), "katello")]
    assert rows[0][2] == rows[1][2] >= 5 + BOUND
    of_plugin = dict(given.public(f"select plugin, installations from weekly_plugins where week_start = '{monday(3)}'"))
    assert {plugin: n for _, plugin, _, n in rows} == of_plugin


def test_the_latest_series_is_latest_by_the_same_figure(make_given: Callable[..., Given]) -> None:
    given = make_given(POPCON_NOISE="2", POPCON_MIN_GROUP="5")
    for week in range(12):
        given.uploads(range(30), [week], core_version="3.17.0")
        given.uploads(range(30, 50), [week], core_version="3.16.0")
    given.refresh()
    select = (
        "select week_start, freshness, installations from {} where freshness in ('latest', 'previous') order by 1, 2"
    )
    of_series, of_freshness = (given.public(select.format(f"weekly_{table}")) for table in ("core_series", "freshness"))
    assert of_series == of_freshness != []


def test_a_share_is_at_most_1_and_its_interval_includes_the_noise() -> None:
    assert interval(8, 10, 0) == (0.8, 0.49016, 0.94332)  # Wilson's alone, as in a textbook
    assert interval(12, 10, 2)[0] == 1.0
    exact, noisy = interval(100, 1000, 0), interval(100, 1000, 2)
    assert noisy[0] == exact[0]
    assert noisy[1] < exact[1]
    assert noisy[2] > exact[2]
    assert interval(5, 5, 2)[1] >= 0
