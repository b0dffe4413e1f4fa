"""When a report is sent: pure arithmetic, so that all of time can be tried."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sender.foreman_popcon import (
    APART_SECONDS,
    DAY,
    HOUR,
    WEEK,
    State,
    as_version,
    band,
    moment_after,
    next_at,
    pause_seconds,
    retry_after_seconds,
)

MONDAY = 1_767_571_200  # 2026-01-05 00:00 UTC
times = st.integers(MONDAY, MONDAY + 520 * WEEK)
moments = st.integers(0, WEEK - 1)


def state(**values: int) -> State:
    made = State()
    for name, value in values.items():
        setattr(made, name, value)
    return made


def test_a_moment_counts_from_monday_midnight() -> None:
    assert moment_after(0, MONDAY) == MONDAY
    assert moment_after(3 * HOUR, MONDAY + DAY) == MONDAY + WEEK + 3 * HOUR


@given(moments, times)
def test_the_first_report_comes_in_the_second_week(moment: int, noticed_at: int) -> None:
    first_at = next_at(state(notice_at=noticed_at, moment=moment), noticed_at, 0)
    assert noticed_at + WEEK <= first_at < noticed_at + 2 * WEEK
    assert (first_at - MONDAY) % WEEK == moment


@given(moments, times, st.lists(st.integers(0, 3 * DAY), min_size=1, max_size=30))
def test_reports_are_apart_and_no_week_is_missed(moment: int, start: int, late: list[int]) -> None:
    """However late a machine is each time, the next report is due 6.5 to 7 days and its lateness later."""
    sent_at = start
    for seconds in late:
        due_at = next_at(state(notice_at=1, settled_at=sent_at, moment=moment), sent_at, 0)
        assert APART_SECONDS <= due_at - sent_at <= APART_SECONDS + WEEK
        was_late = (sent_at - MONDAY - moment) % WEEK
        if was_late <= WEEK - APART_SECONDS:
            assert (due_at - MONDAY) % WEEK == moment, "back at its moment"
        sent_at = due_at + seconds


def test_a_late_report_does_not_make_its_installation_skip_a_week() -> None:
    """Sent two days late, it is due 6.5 days later, not at the moment after that."""
    late = MONDAY + 2 * DAY
    assert next_at(state(notice_at=1, settled_at=late, moment=0), late, 0) == late + APART_SECONDS


def test_a_clock_that_was_ahead_does_not_silence_it() -> None:
    ahead = state(notice_at=MONDAY - 30 * DAY, settled_at=MONDAY + 5000 * DAY, moment=0)
    assert next_at(ahead, MONDAY, 0) < MONDAY + WEEK
    assert next_at(state(retry_at=MONDAY + 5000 * DAY, trouble_at=1), MONDAY, 0) == MONDAY + WEEK


def test_a_changed_configuration_is_tried_at_once() -> None:
    """What kept it from sending may be fixed."""
    assert next_at(state(retry_at=MONDAY + WEEK, trouble_at=MONDAY), MONDAY + 9, MONDAY + 5) == MONDAY + 9


def test_pauses_grow_up_to_a_day() -> None:
    chance = random.Random(8)
    pauses = [pause_seconds(failures, 0, chance) / HOUR for failures in range(1, 9)]
    for pause, expected in zip(pauses, [1, 2, 4, 8, 16, 24, 24, 24], strict=True):
        assert 0.8 * expected <= pause <= 1.2 * expected


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        ("Mon, 05 Jan 2026 01:00:00 GMT", HOUR),
        ("Mon, 05 Jan 2026 01:00:00 -0100", 2 * HOUR),
        ("999999999", WEEK),
        ("Fri, 31 Dec 9999 23:59:59 GMT", WEEK),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("-5", 0),
        ("²", 0),
        ("soon", 0),
        (None, 0),
    ],
)
def test_the_receiver_says_when_to_come_again(text: str | None, seconds: int) -> None:
    """In seconds or as a date, a week at the most; what cannot be read is no reason to hurry."""
    assert retry_after_seconds(text, MONDAY) == seconds
    assert pause_seconds(1, seconds, random.Random(8)) >= seconds


@given(st.integers(0, 10**7))
def test_a_count_is_in_its_band(count: int) -> None:
    first, _, last = band(count, (0, 1, 2, 5, 10)).rstrip("+").partition("-")
    assert int(first) <= count
    assert not last or count <= int(last)


@pytest.mark.parametrize(
    ("version", "sent"),
    [
        ("3.12.0-develop", "3.12.0-develop"),
        ("1.0RC5", "1.0RC5"),
        ("2.0.0-rc1", "2.0.0-rc1"),
        ("0.1-6", "0.1-6"),
        ("4.21.1.1", "4.21.1.1"),
        ("2.0.4.pre.2", "2.0.4.pre.2"),
        ("1.0.0.beta6", "1.0.0.beta6"),
        ("1.0.0.rc.1", "1.0.0.rc.1"),
        ("0.0.1.dev1", "0.0.1.dev1"),
        ("4.0.0.pre.master", "4.0.0.pre.master"),
        (" 3.9.1 ", "3.9.1"),
        ("3.9.1-acme", "3.9.1"),
        ("1.2.prealpine", "1.2"),
        ("1.2.3acme4", "1.2.3"),
        ("٣.٤", None),
        ("N/A", None),
        ("", None),
        (None, None),
        (3.9, None),
    ],
)
def test_versions_are_cut_before_words_that_are_nobodys_business(version: object, sent: str | None) -> None:
    """The grammars of Foreman and of gems pass; what a fork adds does not."""
    assert as_version(version) == sent
