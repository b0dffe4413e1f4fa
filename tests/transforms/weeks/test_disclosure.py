"""What may be shown of a week is decided in one place, and by what the groups are, never by who came first."""

from collections.abc import Callable
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.test_walls import ROOT, imported_modules
from tests.transforms.given import Given, monday

NAMES = ["10", "11", "12", "9"]
VERSIONS = f"select core_version, installations from weekly_core_versions where week_start = '{monday(1)}' order by 1"


def on_versions(given: Given, versions: list[str]) -> None:
    for week in (0, 1):
        for who, version in enumerate(versions):
            given.upload(who, week, core_version=version)


def test_of_equal_groups_the_first_by_name_folds_whatever_came_first(make_given: Callable[..., Given]) -> None:
    """Found: ties went by the number a name had got on arrival, as text, so that a rebuild changed published weeks."""
    shown = []
    for order in (["3.11.0", "3.12.0"], ["3.12.0", "3.11.0"]):
        house = make_given()
        on_versions(house, [order[0]] * 4 + [order[1]] * 4 + ["3.10.0"])
        house.refresh()
        shown.append(house.public(VERSIONS))
    assert shown == [[("(other)", 5), ("3.12.0", 4)]] * 2


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    drawn=st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), min_size=6, max_size=14),
    order=st.randoms(use_true_random=False),
)
def test_the_order_of_arrival_within_a_week_changes_no_figure(
    make_given: Callable[..., Given], drawn: list[tuple[str, str]], order: Random
) -> None:
    """Found: a rebuild after a purge numbers names again, and changed published weeks in 10 of 12 variants tried."""
    people = list(enumerate(drawn))
    figures = []
    for _ in range(2):
        house = make_given()
        for week in (0, 1, 2):
            for who, (version, plugin) in people:
                plugins = [
                    {"name": "katello", "version": f"4.{plugin}"},
                    {"name": f"foreman_{plugin}", "version": "1.0"},
                ]
                house.upload(who, week, core_version=f"3.{version}.0", plugins=plugins)
        house.refresh()
        figures.append(house.figures())
        order.shuffle(people)
    assert figures[0] == figures[1]


def test_one_module_decides_what_is_shown() -> None:
    """The rules on small groups are used where disclosure is decided, and nowhere else."""
    rules = "transforms.weeks.small_groups"
    users = [path for path in (ROOT / "transforms").rglob("*.py") if rules in imported_modules(path)]
    assert {path.stem for path in users} == {"crossing", "disclosure", "series_groups", "totals"}
    makers = [
        path for path in (ROOT / "transforms").rglob("*.py") if "transforms.weeks.disclosure" in imported_modules(path)
    ]
    assert {path.stem for path in makers} == {"counting"}
