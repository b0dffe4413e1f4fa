"""Who is erased is counted out of the true counts that are kept, so that no revision shows an erasure."""

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from tests.transforms.editions.test_revising import FAKE, IN_WEEK_4, KATELLO, exclude, revise
from tests.transforms.given import LATER, Given, uuid
from tests.transforms.simulated import NOW, fill, uploads
from transforms.editions.publisher import Revision
from transforms.history import true_counts as kept_counts
from transforms.pipeline import refresh
from trusted_time import ClockBehindError


@pytest.fixture
def given(make_given: Callable[..., Given]) -> Given:
    return published(make_given, 4, IN_WEEK_4)


def published(make_given: Callable[..., Given], weeks: int, now: datetime, **environment: str) -> Given:
    """Return a folder in which forty installations were published for so many weeks."""
    given = make_given(**{"POPCON_NOISE": "2", "POPCON_MIN_GROUP": "5", **environment})
    given.uploads(range(40), range(weeks), plugins=KATELLO)
    given.refresh(now)
    return given


def erase(given: Given, who: Iterable[int]) -> None:
    for one in who:
        given.erase(one)


@pytest.mark.parametrize("is_refreshed", [True, False], ids=["refreshed in between", "at once"])
@pytest.mark.parametrize("fakes", ["excluded", "erased"])
def test_an_erasure_never_shows(given: Given, fakes: str, is_refreshed: bool) -> None:
    """Found: who had four reports in a group, and had them removed, learned of a fifth that was erased."""
    before = given.settings.public.resolve().read_bytes()
    given.erase(3)
    if fakes == "erased":
        erase(given, range(4, 8))
    else:
        exclude(given, *(f"uuid,{uuid(who)},,,a botnet" for who in range(4, 8)))
    if is_refreshed:
        given.refresh(IN_WEEK_4)
    assert revise(given).editions == ()
    assert given.settings.public.resolve().read_bytes() == before


def test_who_is_erased_is_counted_out_of_what_is_kept_and_nobody_else(make_given: Callable[..., Given]) -> None:
    """The kept true counts are then those of a folder that never heard of them: of every cell with its own name."""
    kept = []
    for is_there in (True, False):
        given = make_given(POPCON_NOISE="2", POPCON_MIN_GROUP="5", POPCON_ACTIVE_DAYS="14")
        given.settings.noise_key.write_bytes(bytes(32))
        for week in range(14):
            given.uploads(range(60), [week], plugins=KATELLO, hosts_count=700)
            given.uploads(range(100, 160), [week], plugins=[*KATELLO, *FAKE], core_version="3.11.0")
            if is_there and week in {1, 2, 5, 8, 9, 10}:  # gone in between, and back
                plugins = FAKE if week < 9 else [*KATELLO, *FAKE]
                given.uploads([70, 71], [week], plugins=plugins, core_version="3.11.0", hosts_count=700)
        given.refresh()
        if is_there:
            before = true_counts(given)
            erase(given, (70, 71))
            given.refresh()
            assert before != true_counts(given)
        kept.append(true_counts(given))
    assert kept[0] == kept[1]


def test_who_never_counted_is_not_counted_out(make_given: Callable[..., Given]) -> None:
    """Twenty of a network count; the others wait, and are left out from the week on in which they would count."""
    given = make_given(POPCON_NOISE="2", POPCON_MIN_GROUP="5")
    for week in range(8):
        given.uploads(range(40), [week], plugins=KATELLO)
        for who in range(100, 130) if week > 2 else ():
            given.upload(who, week, tag="ab" * 8, plugins=KATELLO)
    given.refresh()
    erase(given, range(124, 130))
    given.refresh()
    assert revise(given, now=LATER).editions == ()


def test_every_published_week_is_counted_out_whatever_the_clock_says(make_given: Callable[..., Given]) -> None:
    """Found: those that the clock had not reached, or that were not due any more, kept who was erased for ever."""
    friday = datetime(2026, 2, 27, tzinfo=UTC)
    given = published(make_given, 7, friday)
    erase(given, range(5))
    with pytest.raises(ClockBehindError):
        given.refresh(friday - timedelta(days=21))
    given.refresh(friday)
    assert revise(given, now=friday).editions == ()


def test_weeks_that_would_not_be_due_today_are_counted_out(make_given: Callable[..., Given]) -> None:
    tuesday = datetime(2026, 2, 17, tzinfo=UTC)
    given = published(make_given, 6, tuesday, POPCON_PUBLISH_AFTER_DAYS="0")
    given.environment["POPCON_PUBLISH_AFTER_DAYS"] = "6"
    erase(given, range(5))
    given.refresh(tuesday)
    assert revise(given, now=tuesday + timedelta(days=7)).editions == ()


def test_who_is_erased_during_the_first_run_is_counted_out(make_given: Callable[..., Given]) -> None:
    given, keep = make_given(POPCON_NOISE="2", POPCON_MIN_GROUP="5"), kept_counts.keep_true_counts

    def erase_and_keep(*arguments: Any) -> None:
        erase(given, range(5))
        keep(*arguments)

    given.uploads(range(40), range(4), plugins=KATELLO)
    with patch.object(kept_counts, "keep_true_counts", erase_and_keep):
        given.refresh()
    given.refresh()
    assert revise(given, now=LATER).editions == ()


@pytest.mark.parametrize("noise", ["0", "2"])
@pytest.mark.parametrize("installations", [60, 300])
def test_a_community_that_loses_some_stays_as_published(tmp_path: Path, noise: str, installations: int) -> None:
    """In every table, cross tables too, with noise and without."""
    given = fill(tmp_path / "data", uploads(installations, 16, seed=13), POPCON_NOISE=noise)
    assert given.public("select count(*) > 0 from plugin_series") == [(1,)]
    everybody = given.views("select uuid from installations where established_week is not null order by uuid")
    before = given.settings.public.resolve().read_bytes()
    for some in ([], everybody[:1], everybody[1:20]):
        for (who,) in some:
            given.erase_uuid(who)
        given.refresh(NOW)
        assert refresh(given.settings, NOW, revision=Revision(first_week(given), "nothing")).editions == ()
    assert given.settings.public.resolve().read_bytes() == before


def first_week(given: Given) -> str:
    return str(given.public("select min(week_start) from editions")[0][0])


@pytest.mark.parametrize("erased", [0, 1])
def test_exact_figures_of_series_that_fold_stay(make_given: Callable[..., Given], erased: int) -> None:
    """Found: what was kept of '(other)' was not what it showed, so that a single erasure changed it."""
    given = make_given(POPCON_NOISE="0", POPCON_MIN_GROUP="5")
    for week in range(4):
        given.uploads(range(40), [week])
        for who, version in ((range(100, 103), "3.11.0"), (range(110, 113), "3.11.1"), (range(200, 202), "3.10.0")):
            given.uploads(who, [week], core_version=version)
    given.refresh()
    erase(given, range(100, 100 + erased))
    given.refresh()
    assert revise(given, now=LATER).editions == ()


def true_counts(given: Given) -> dict[tuple[str, bytes], int]:
    with closing(sqlite3.connect(given.settings.history)) as history:
        rows = history.execute("select week_start, cell_id, installations from true_counts")
        return {(week, cell_id): installations for week, cell_id, installations in rows}
