"""The community as a whole: who uploads when, what changes, and that the same seed gives the same bytes."""

import itertools
import os
import subprocess
import sys
from collections import Counter
from datetime import date

import orjson
import pytest

from simulation.community import DEFAULT_UNTIL, EARLIEST, Community, CommunityError
from simulation.tables import FACTS, rows
from simulation.uploads import EPOCH
from tests.simulation.conftest import Watched, read

WEEK_SECONDS = 7 * 86_400


def week_of(watched: Watched, received_at: int) -> int:
    return (received_at // 86_400 + EPOCH - watched.community.first_day) // 7


def test_the_same_seed_gives_the_same_bytes_whatever_the_hash_seed() -> None:
    """Three processes with different hash seeds write the same bytes, and another seed writes others."""

    def written(seed: str, hash_seed: str) -> bytes:
        command = [sys.executable, "-m", "simulation", "--installations", "60", "--weeks", "5", "--seed", seed]
        environment = os.environ | {"PYTHONHASHSEED": hash_seed}
        return subprocess.run(command, env=environment, capture_output=True, check=True).stdout

    first = written("9", "0")
    assert first == written("9", "1") == b"".join(Community(60, 5, 9).lines())
    assert first != written("10", "0")


def test_a_community_can_be_read_twice() -> None:
    """Iterating again gives the same lines."""
    community = Community(30, 4, 1, scenarios=["company"])
    assert list(community.lines()) == list(community.lines())


def test_lines_are_what_import_log_reads_in_order_of_time() -> None:
    """Each line is an object with an instant, a tag of 16 hex digits and a body; time never falls."""
    lines = [orjson.loads(line) for line in Community(300, 6, 2).lines()]
    assert {tuple(line) for line in lines} == {("received_at", "network_tag", "body")}
    instants = [line["received_at"] for line in lines]
    assert instants == sorted(instants)
    assert instants[0] >= "2026-10-05T00:00:00Z"
    assert instants[-1] < f"{DEFAULT_UNTIL}T00:00:00Z"
    assert all(len(line["network_tag"]) == 16 and int(line["network_tag"], 16) >= 0 for line in lines)
    assert all(len(line["body"]["uuid"]) == 36 for line in lines)


def test_body_is_the_one_of_the_line() -> None:
    """What is posted is what is written."""
    for upload in Community(20, 2, 1).uploads():
        assert orjson.loads(upload.line())["body"] == orjson.loads(upload.body())


def test_uploads_are_spread_over_the_week(today: Watched) -> None:
    """Each day and each hour of the week gets its share, and an installation keeps to its own moment."""
    seconds = [upload.received_at % WEEK_SECONDS for uploads in today.uploads.values() for upload in uploads]
    hours = Counter(second // 3600 for second in seconds)
    assert len(hours) == 168
    assert max(hours.values()) < 2 * len(seconds) / 168
    moments = [[upload.received_at % WEEK_SECONDS for upload in uploads] for uploads in today.uploads.values()]
    assert sum(max(own) - min(own) < 400 for own in moments) / len(moments) > 0.97


def test_one_configuration_in_about_eight_changes_in_a_week(today: Watched, three_years: Watched) -> None:
    """Of uploads that follow one the week before, 10 to 15 in a hundred say something else."""
    for watched in (today, three_years):
        pairs = [
            one.configuration != two.configuration
            for uploads in watched.uploads.values()
            for one, two in itertools.pairwise(uploads)
            if week_of(watched, two.received_at) - week_of(watched, one.received_at) == 1
        ]
        assert 0.10 < sum(pairs) / len(pairs) < 0.15


def test_installations_appear_fall_silent_return_and_leave(three_years: Watched) -> None:
    """Over three years the community grows, a part leaves for good, and many are away for a while and come back."""
    weeks = [
        [week_of(three_years, upload.received_at) for upload in uploads] for uploads in three_years.uploads.values()
    ]
    appeared = sum(own[0] > 4 for own in weeks)
    left = sum(own[-1] < 130 for own in weeks)
    returned = sum(any(two - one > 4 for one, two in itertools.pairwise(own)) for own in weeks)
    assert (100 < appeared < 200, 20 < left < 100, returned > 80) == (True, True, True)


def test_a_clone_shares_its_uuid_and_goes_its_own_way(today: Watched) -> None:
    """A few uuids upload twice a week from then on, at two moments and with reports that differ."""
    clones = []
    for uploads in today.uploads.values():
        of_week: dict[int, list[bytes]] = {}
        for upload in uploads:
            of_week.setdefault(week_of(today, upload.received_at), []).append(upload.configuration)
        twice = [reports for reports in of_week.values() if len(reports) == 2]
        if len(twice) > 4:
            clones.append(any(one != two for one, two in twice))
    assert 3 <= len(clones) <= 20
    assert sum(clones) >= len(clones) / 2


def test_odd_strings_are_seen_at_their_rarity() -> None:
    """In a week of 8,000 installations a quarter of the odd strings occurs or more, and all together are rare."""
    odd = {(row["field"].removesuffix("_added"), row["text"]) for row in rows(FACTS, "odd_strings.csv") if row["text"]}
    seen: Counter[tuple[str, str]] = Counter()
    installations = 0
    for upload in Community(8_000, 1, 6).uploads():
        report, installations = read(upload), installations + 1
        texts = {("core", report["core_version"])}
        texts |= {("proxy", proxy["version"]) for proxy in report["proxies"]}
        texts |= {("plugin", plugin["version"]) for plugin in report["plugins"]}
        texts |= {("feature", feature) for proxy in report["proxies"] for feature in proxy["features"]}
        texts |= {("compute_resource", text) for text in report["compute_resources"]}
        seen.update(texts & odd)
    assert len(seen) >= len(odd) / 4
    assert 0.002 < sum(seen.values()) / installations < 0.02


def test_networks_are_mostly_own_and_tags_change_each_week() -> None:
    """In a week most tags belong to one installation and some to a few; next week all tags are new."""
    community = Community(2000, 2, 1)
    middle = (community.first_day + 7 - EPOCH) * 86_400
    weeks = Counter[str](), Counter[str]()
    for upload in community.uploads():
        weeks[upload.received_at >= middle][upload.network_tag] += 1
    first, second = weeks
    assert 0.8 < sum(count == 1 for count in first.values()) / len(first) < 0.99
    assert 4 < max(first.values()) <= 20
    assert not first.keys() & second.keys()


def test_a_million_is_not_held_in_memory() -> None:
    """Uploads come while the community lives: the first week's are out before the second week begins."""
    uploads = Community(50, 500, 1).uploads()
    assert next(uploads).received_at < next(uploads).received_at


@pytest.mark.parametrize(
    ("arguments", "until", "scenarios", "message"),
    [
        ((-1, 1, 1), DEFAULT_UNTIL, [], "give 0 installations or more"),
        ((1, 0, 1), DEFAULT_UNTIL, [], "1 week or more"),
        ((1, 1, 1), date(2026, 11, 17), [], "give a Monday"),
        ((1, 1000, 1), DEFAULT_UNTIL, [], f"none begins before {EARLIEST}"),
        ((1, 1, 1), DEFAULT_UNTIL, ["flood"], "'flood': give one of stuffer"),
    ],
)
def test_what_cannot_be_made_is_said(
    arguments: tuple[int, int, int], until: date, scenarios: list[str], message: str
) -> None:
    """A community that cannot be had is refused with what would do."""
    with pytest.raises(CommunityError, match=message):
        Community(*arguments, until=until, scenarios=scenarios)
