"""How much one report can add: names, and entries of what is set aside."""

from typing import Any

from vocabulary.catalogue import Catalogue
from vocabulary.reading import MORE_SET_ASIDE, SET_ASIDE_MAX, Reading, counted_as, read
from vocabulary.shortening import MORE_NAMES, NAMES_MAX

CATALOGUE = Catalogue.read()


def reading_of(**report: Any) -> Reading:
    return read({"uuid": "0123456789abcdef", "core_version": "3.12.0", **report}, CATALOGUE)


def plugins(count: int) -> list[dict[str, str]]:
    return [{"name": f"made_up_{number}", "version": "1.0"} for number in range(count)]


def test_a_report_with_more_names_than_may_be_is_read_up_to_there() -> None:
    """Found: a report of 220 kB added 12,000 keys, and 120 of them made every refresh take 0.8 GB."""
    reading = reading_of(plugins=plugins(6000))
    assert reading.plugins == [(f"made_up_{number}", "1.0") for number in range(NAMES_MAX)]
    assert reading.set_aside == [(f"/plugins/{NAMES_MAX}", MORE_NAMES)]
    assert sum(not key.is_known for key in counted_as(reading, CATALOGUE)) == 2 * NAMES_MAX


def test_as_many_names_as_may_be_are_all_read() -> None:
    reading = reading_of(plugins=plugins(NAMES_MAX))
    assert (len(reading.plugins), reading.set_aside) == (NAMES_MAX, [])


def test_names_are_counted_once_however_often_they_come() -> None:
    proxies = [{"version": "3.12.0", "features": ["DNS", "TFTP"]}] * 400
    reading = reading_of(plugins=plugins(497), proxies=proxies, compute_resources=["Libvirt"])
    assert reading.proxies == [("3.12.0", ["DNS", "TFTP"])] * 400
    assert (reading.compute_resources, reading.set_aside) == ([], [("/compute_resources/0", MORE_NAMES)])


def test_each_list_that_ends_early_is_set_aside_once_with_its_first_entry_that_is_not_read() -> None:
    words = [f"word/{number}" for number in range(300)]
    reading = reading_of(
        plugins=[7, *plugins(200)],
        proxies=[{"version": f"3.{number}", "features": [f"feature_{number}", 5]} for number in range(3000)],
        compute_resources=[f"resource_{number}" for number in range(300)],
        operatingsystem_families=dict.fromkeys(words, "1-9"),
        unregistered=words,
    )
    assert reading.set_aside[:3] == [
        ("/proxies/150", MORE_NAMES),
        ("/compute_resources/0", MORE_NAMES),
        ("/operatingsystem_families/word~10", MORE_NAMES),
    ]
    assert len(reading.proxies) == 150
    assert reading.extra_facts[0] == ("operatingsystem_families", "{}", "object")
    assert len(reading.extra_facts[1][1]) > 300


def test_words_of_a_list_end_early_too() -> None:
    reading = reading_of(operatingsystem_families=[f"word_{number}" for number in range(600)])
    assert reading.set_aside == [("/operatingsystem_families/500", MORE_NAMES)]
    assert sum(key.mart == "facts" for key in counted_as(reading, CATALOGUE)) == NAMES_MAX


def test_a_report_has_a_hundred_entries_set_aside_and_one_that_says_there_are_more() -> None:
    """Found: each of 20,000 wrong entries of a report was stored with its place and reason."""
    wrong = "a plugin is an object with a name and a version"
    reading = reading_of(plugins=[7] * 19_000, compute_resources=plugins(5))
    assert reading.set_aside == [
        *((f"/plugins/{number}", wrong) for number in range(SET_ASIDE_MAX)),
        ("", MORE_SET_ASIDE),
    ]
    assert len(reading_of(plugins=[7] * SET_ASIDE_MAX).set_aside) == SET_ASIDE_MAX
