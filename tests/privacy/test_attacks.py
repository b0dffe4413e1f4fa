"""Without the defences, every attack wins what it won when it was found, or it would prove nothing; with them, little.

With POPCON_FAULTS=full, larger communities over more weeks.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.campaign import IS_FULL, length
from tests.privacy.limits import BY_CHANCE, LITTLE, MEASURED, MISSED, NOTHING, TOLD, WITHIN, broken
from tests.privacy.model.scoring import Result
from tests.privacy.plan import ATTACKS, MOVES, SIZES, measured, results

EVERY = [*(attack.name for attack in ATTACKS), *MOVES]
ON, OFF = True, False
SMALLEST = 150


@pytest.fixture(scope="session")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[bool, Result]]:
    """Return what each attack wins, with the defences on and off."""
    return list(results(tmp_path_factory.mktemp("attacks"), (ON, OFF), processes=length(1, 2)))


def of_attack(found: list[tuple[bool, Result]], attack: str, *, is_on: bool) -> Iterator[Result]:
    return (result for mode, result in found if mode == is_on and result.attack == attack and result.tries)


@pytest.mark.parametrize("attack", EVERY)
def test_without_the_defences_an_attack_wins_what_it_won_when_it_was_found(
    found: list[tuple[bool, Result]], attack: str
) -> None:
    assert [one for one in of_attack(found, attack, is_on=OFF) if broken(one, is_on=OFF)] == []


@pytest.mark.parametrize("attack", EVERY)
def test_with_the_defences_an_attack_wins_no_more_than_it_may(
    found: list[tuple[bool, Result]], attack: str, request: pytest.FixtureRequest
) -> None:
    if attack in MISSED:
        request.applymarker(pytest.mark.xfail(reason=MISSED[attack], strict=False))  # by chance it holds, at times
    assert [one for one in of_attack(found, attack, is_on=ON) if broken(one, is_on=ON)] == []


def test_without_the_defences_the_only_one_who_moves_gives_ten_claims_away(found: list[tuple[bool, Result]]) -> None:
    alone = next(of_attack(found, "D'", is_on=OFF))
    assert alone.precision >= 0.92 - WITHIN
    assert 6 <= alone.claims / alone.tries <= 16 or IS_FULL


def test_without_the_defences_erasures_and_fakes_are_never_read_wrongly(found: list[tuple[bool, Result]]) -> None:
    assert {one.precision for attack in "AB" for one in of_attack(found, attack, is_on=OFF)} == {1.0}


@pytest.mark.parametrize("size", SIZES)
def test_figures_are_of_use_in_spite_of_the_noise(size: int, tmp_path: Path) -> None:
    found = measured(size, tmp_path)
    assert found.is_near
    if not found.is_ordered and size == SMALLEST:
        pytest.xfail(f"in so small a community, {100 * found.order:.1f} % of plugins are in the right order, not 97 %")
    assert found.is_ordered


def test_every_attack_is_held_to_a_figure() -> None:
    assert set(EVERY) == {*NOTHING, *BY_CHANCE, *LITTLE, *TOLD}
    assert set(MEASURED) <= set(EVERY)
