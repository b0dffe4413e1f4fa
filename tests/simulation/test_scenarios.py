"""The scenarios: what each uploads, and that its label is on exactly that."""

import re
from collections import Counter

import pytest

from simulation.community import Community
from simulation.scenarios import SCENARIOS, company, stuffer, vandal
from simulation.uploads import Upload
from tests.simulation.conftest import read

WEEK_SECONDS = 7 * 86_400


def hostile(name: str, weeks: int = 6) -> list[Upload]:
    return [upload for upload in Community(10, weeks, 1, scenarios=[name]).uploads() if upload.scenario == name]


def test_the_stuffer_sends_ten_thousand_uuids_in_one_night_from_three_networks() -> None:
    """Each uuid comes once with the one plugin, within eight hours, from three networks."""
    uploads = hostile("stuffer")
    assert len({upload.uuid for upload in uploads}) == len(uploads) == 10_000
    assert uploads[-1].received_at - uploads[0].received_at <= 8 * 3600
    assert len({upload.network_tag for upload in uploads}) == 3
    assert {plugin["name"] for plugin in read(uploads[0])["plugins"]} == {stuffer.PLUGIN}
    assert len({upload.configuration for upload in uploads}) == 1


def test_the_botnet_is_slow_and_plausible() -> None:
    """25,200 uploads in four weeks from 135 networks, each uuid in several weeks, with reports that differ."""
    uploads = hostile("botnet")
    assert len(uploads) == 25_200
    assert set(Counter(upload.uuid for upload in uploads).values()) == {4}
    weeks = {upload.received_at // 86_400 // 7 for upload in uploads}
    assert len(weeks) in (4, 5)  # weeks since 1970 begin on Thursdays
    assert len({upload.network_tag for upload in uploads}) == 4 * 135
    assert len({upload.configuration for upload in uploads}) > 6_000


def test_the_vandal_sends_every_kind_of_name_from_enough_networks() -> None:
    """Markup, formulas, bidi and 50,000 characters, each as a plugin's name from six networks."""
    uploads = hostile("vandal")
    senders: dict[str, set[str]] = {}
    for upload in uploads[: len(uploads) // 3]:
        senders.setdefault(read(upload)["plugins"][0]["name"], set()).add(upload.uuid)
    assert set(senders) == set(vandal.NAMES)
    assert {len(uuids) for uuids in senders.values()} == {6}
    assert max(map(len, senders)) == 50_000


def test_the_broken_sender_repeats_itself_and_an_image_has_28_versions() -> None:
    """One uuid uploads 3,400 times in a week, another under 28 core versions."""
    counts: dict[str, set[str]] = {}
    uploads = hostile("broken-sender")
    for upload in uploads:
        counts.setdefault(upload.uuid, set()).add(read(upload)["core_version"])
    assert sorted(Counter(upload.uuid for upload in uploads).values()) == [28, 3_400]
    assert sorted(map(len, counts.values())) == [1, 28]


def test_the_company_names_itself_everywhere_from_one_network() -> None:
    """Twelve installations upload each week with a plugin, a feature, a key and a host name of their own."""
    uploads = hostile("company", weeks=3)
    assert Counter(Counter(upload.uuid for upload in uploads).values()) == {3: company.INSTALLATIONS}
    assert len({upload.network_tag for upload in uploads}) == 3
    for text in (company.PLUGIN, company.FEATURE, company.KEY, company.HOST):
        assert all(re.search(re.escape(text).encode(), upload.configuration) for upload in uploads)


@pytest.mark.parametrize("name", [name for name in SCENARIOS if name != "botnet"])  # it lives as the broken sender does
def test_the_honest_are_the_same_with_a_scenario_and_without(name: str) -> None:
    """A scenario adds its uploads and moves nobody else's."""
    plain = list(Community(40, 2, 8).uploads())
    assert [upload for upload in Community(40, 2, 8, scenarios=[name]).uploads() if not upload.scenario] == plain


@pytest.mark.parametrize("name", [name for name in SCENARIOS if name != "botnet"])  # whose length is tested above
@pytest.mark.parametrize("weeks", [1, 2])
def test_a_scenario_fits_into_a_short_time(name: str, weeks: int) -> None:
    """Even in one week a scenario has its uploads, in order of time and within the week."""
    community = Community(3, weeks, 1, scenarios=[name])
    moments = [upload.received_at for upload in community.uploads()]
    assert moments == sorted(moments)
    assert moments[-1] - moments[0] < weeks * WEEK_SECONDS
    assert len(moments) > 10
