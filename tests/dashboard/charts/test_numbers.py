import pytest

from dashboard.charts import number, share, signed


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        (8, 2583, "0.3 %"),
        (8, 1_000_000, "< 0.1 %"),
        (0, 10, "0.0 %"),
        (9_999, 10_000, "> 99.9 %"),
        (10, 10, "100.0 %"),
        (11, 10, "100.0 %"),
    ],
)
def test_what_is_there_is_never_0_percent_and_what_lacks_something_never_100(part: int, whole: int, words: str) -> None:
    assert share(part, whole) == words


@pytest.mark.parametrize(
    ("change", "words"), [(0.94, "+0.9"), (-0.94, "\N{MINUS SIGN}0.9"), (-0.04, "±0.0"), (-0.0, "±0.0"), (0, "±0.0")]
)
def test_a_change_has_a_true_sign_and_no_negative_zero(change: float, words: str) -> None:
    assert signed(change) == words


def test_a_number_has_no_negative_zero_either() -> None:
    assert (number(-0.0, "%"), number(-0.04), number(-1234)) == ("0.0 %", "0.0", "\N{MINUS SIGN}1,234")
    assert signed(-1234, 0) == "\N{MINUS SIGN}1,234"
