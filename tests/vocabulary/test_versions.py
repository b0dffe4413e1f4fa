"""The order of versions: total, and as Foreman's and RubyGems' own."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from vocabulary.release_calendar import ReleaseCalendar
from vocabulary.versions import core_order, gem_order, series, stage

CORE = [
    "0.1",
    "0.1-1",
    "0.1-6",
    "1.0RC5",
    "1.0",
    "1.1RC4",
    "1.2-develop",
    "1.9.0",
    "1.10.0",
    "1.14.0-RC1",
    "1.14.0-rc2",
]
CORE += ["1.14.0-rc10", "1.14.0", "1.25.0-develop", "2.0.0-rc1", "2.2.0-rc3", "2.6.0-develop", "3.5.0-develop"]
CORE += [
    "3.5.0-alpha1",
    "3.5.0-beta",
    "3.5.0-pre",
    "3.5.0-rc1",
    "3.5.0",
    "3.12.0-develop",
    "3.20.1",
    "5.0.0-rc1",
    "N/A",
]
GEMS = [
    "0.0.1.dev1",
    "0.1.8.3",
    "0.3",
    "1.0.0.beta6",
    "1.0.0.rc.1",
    "1.0.0",
    "1.a",
    "1.9",
    "1.10",
    "2.0.4.pre.2",
    "2.0.4",
]
GEMS += ["3.15.3.1", "4.0.0.pre.master", "4.14.0.8", "4.20.0.rc1", "4.20.0", "4.21.1.1", "not a version"]
TEXTS = st.text(alphabet="0123456789.-rcRCdevlopabt N/A", max_size=12) | st.sampled_from(CORE + GEMS)


def test_core_versions_stand_in_foremans_order() -> None:
    assert sorted(Random(1).sample(CORE, len(CORE)), key=core_order) == CORE


def test_gems_stand_in_rubygems_order() -> None:
    """`1.a` is a prerelease of 1, so that it comes before 1.0.0."""
    expected = [version for version in GEMS if version != "1.a"]
    expected.insert(expected.index("1.0.0.beta6"), "1.a")
    assert sorted(Random(1).sample(GEMS, len(GEMS)), key=gem_order) == expected


@given(st.lists(TEXTS, unique=True))
def test_the_orders_are_total(versions: list[str]) -> None:
    """No two different texts share a place, so that every database sorts alike."""
    for order in (core_order, gem_order):
        assert len({order(version) for version in versions}) == len(versions)


@given(
    st.lists(st.integers(0, 10**15), min_size=1, max_size=4), st.lists(st.integers(0, 10**15), min_size=1, max_size=4)
)
def test_segments_compare_as_numbers_padded_with_zero(one: list[int], other: list[int]) -> None:
    padded = [numbers + [0] * (4 - len(numbers)) for numbers in (one, other)]
    texts = [".".join(map(str, numbers)) for numbers in (one, other)]
    for order in (core_order, gem_order):
        if padded[0] != padded[1]:
            assert (order(texts[0]) < order(texts[1])) == (padded[0] < padded[1])


def test_a_series_is_the_first_two_segments() -> None:
    read = [series(text) for text in ("3.9.0-rc1", "1.2-develop", "1.0RC5", "N/A", "3")]
    assert read == ["3.9", "1.2", "1.0", "(unknown)", "(unknown)"]


def test_stages() -> None:
    read = [stage(text) for text in ("3.9.0", "0.1-6", "1.0RC5", "3.9.0-develop", "N/A")]
    assert read == ["release", "release", "candidate", "develop", "(unknown)"]


def test_freshness_goes_by_the_calendar() -> None:
    """A series that is not in it is placed by order; a candidate makes no series new."""
    days = {"3.9.0": "2026-01-01", "3.10.0-rc1": "2026-02-20", "3.10.0": "2026-03-01", "5.0.0": "2026-06-01"}
    calendar = ReleaseCalendar([("3.8.0", "2025-10-01"), *days.items()])
    names = ("3.7", "3.8", "3.9", "3.10", "4.0", "5.0", "(unknown)")
    assert [calendar.freshness(name, "2026-03-02") for name in names] == [
        "older", "older", "previous", "latest", "ahead", "ahead", "(unknown)"
    ]  # fmt: skip
    assert [calendar.days_behind(name, "2026-03-02") for name in names] == [152, 60, 1, 0, 0, 0, None]
    assert calendar.freshness("4.0", "2026-06-01") == "previous"
    assert calendar.days_behind("4.0", "2026-06-02") == 1
