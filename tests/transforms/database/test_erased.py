"""An erasure is taken out of views.db where it is; weeks that are published stay as they are."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import given as drawing
from hypothesis import strategies as st

from tests.campaign import length, seeded, tell
from tests.transforms.given import Given, moment, monday, uuid
from tests.transforms.test_refresh import REPORTS

IN_WEEK_4 = datetime(2026, 2, 5, 13, tzinfo=UTC)  # a Thursday: week 3 is published
IN_WEEK_9 = datetime(2026, 3, 11, 12, tzinfo=UTC)
KATELLO = [{"name": "katello", "version": "4.14.0"}]
ACME = [{"name": "acme_secret", "version": "6.6.6"}]

# What must be as after a rebuild, without the ids that only order of arrival gives.
STANDING = {
    "installations": """
        select uuid, first_week, last_week, week_count, latest_seq, latest_received_at, c.digest, network_tag,
        established_week, capped_week, n.digest from installations join configurations as c using (configuration_id)
        left join configurations as n on counted_as = n.configuration_id""",
    "cells": """
        select mart, parent, name, installations, record_keys
        from cells join keys using (key_id) where installations > 0""",
    "seqs": "select seq, uuid from seqs join installations using (installation_id)",
    "ruled_out": "select * from ruled_out",
}


def standing(given: Given) -> dict[str, list[Any]]:
    """Return the latest-per-uuid views and what the next week is counted from."""
    views = [name for (name,) in given.views("select name from sqlite_master where type = 'view'")]
    selects = STANDING | {view: f"select * from {view}" for view in views}
    return {name: sorted(given.views(select), key=repr) for name, select in selects.items()}


def established(given: Given) -> dict[str, int]:
    return dict(given.public("select week_start, established from weekly_installations"))


def test_an_erasure_rebuilds_nothing(given: Given) -> None:
    """Found: each erasure rebuilt views.db from the first upload (0.7 s became 14 s at 72,000 uploads)."""
    given.uploads(range(5), [0, 1, 2], plugins=KATELLO)
    given.refresh()
    given.erase(4)
    done = given.refresh()
    assert (done.is_rebuilt, done.uploads) == (False, 0)
    assert {row[1] for row in given.views("select * from uploads")} == {uuid(who) for who in range(4)}
    assert standing(given)["cells"]
    given.refresh(rebuild=True)
    assert not given.refresh().is_rebuilt


def test_published_weeks_stay_and_the_next_week_is_counted_without_it(given: Given) -> None:
    """Found: an erasure changed every week of the past, so that comparing two editions showed who had left."""
    given.uploads(range(5), [0, 1, 2, 4])
    given.refresh(IN_WEEK_4)
    before = established(given)
    given.erase(0)
    assert not given.refresh(IN_WEEK_4).is_published
    assert established(given) == before == dict.fromkeys([monday(1), monday(2), monday(3)], 5)
    given.uploads(range(1, 5), [5])
    given.refresh(datetime(2026, 2, 12, tzinfo=UTC))
    assert established(given) == before | {monday(4): 4}


def test_until_a_week_is_published_an_erasure_acts_on_it(given: Given) -> None:
    """It is counted as it stood at its end, though its installations have uploaded since."""
    given.uploads(range(7), [0, 1], plugins=KATELLO)
    given.uploads(range(5), [2])
    given.refresh(datetime(2026, 1, 21, tzinfo=UTC))  # a Wednesday: week 1 waits
    assert given.public("select * from weekly_installations") == []
    given.erase(0)
    assert not given.refresh(datetime(2026, 1, 21, tzinfo=UTC)).editions
    assert given.refresh(datetime(2026, 1, 22, tzinfo=UTC)).editions == (monday(1),)
    assert established(given) == {monday(1): 6}
    assert given.public("select plugin, installations from weekly_plugins") == [("katello", 6)]
    assert given.public("select active from weekly_installations") == [(6,)]
    before = given.settings.public.resolve().read_bytes()
    given.refresh(datetime(2026, 1, 22, tzinfo=UTC), rebuild=True)
    assert given.settings.public.resolve().read_bytes() == before


def test_no_byte_of_the_erased_or_of_what_it_alone_said_is_left(given: Given) -> None:
    """Its earlier configurations too, and when the nightly purge was before the refresh."""
    given.uploads(range(4), [0], plugins=KATELLO)
    given.upload(9, 0, plugins=[{"name": "acme_first", "version": "7.7.7"}], hostname="canary.example.org")
    given.uploads(range(4), [1, 2, 3], plugins=KATELLO)
    for week in (1, 2, 3):
        given.upload(9, 3, at=moment(3, day=3 + week), plugins=KATELLO + ACME, operatingsystem_families=["acme_os"])
    given.upload(1, 4)
    given.refresh(IN_WEEK_4)
    planted = (uuid(9), "acme_first", "7.7.7", "canary.example.org", "acme_secret", "6.6.6", "acme_os")
    assert given.files_with(*planted)
    given.erase(9)
    given.purge()
    given.refresh(IN_WEEK_4)
    assert given.files_with(*planted) == set()
    assert given.views("select count(*) from uploads") == [(4,)]
    given.upload(9, 4, plugins=ACME)  # under a new uuid, somebody else: the name is read anew
    given.refresh(IN_WEEK_9)
    after = standing(given)
    given.refresh(IN_WEEK_9, rebuild=True)
    assert standing(given) == after


def test_what_others_say_too_stays(given: Given) -> None:
    """One configuration of two installations, a key of two configurations."""
    for week in (0, 1):
        given.uploads([1, 2], [week], plugins=ACME)
        given.uploads([3], [week], plugins=ACME + KATELLO)
    given.refresh()
    for gone, left in ((1, ["acme_secret"]), (2, ["acme_secret"]), (3, [])):
        given.erase(gone)
        given.refresh()
        assert [
            name for (name,) in given.views("select name from keys where mart = 'plugins' and not is_known")
        ] == left


def test_an_installation_whose_uploads_are_all_set_aside_is_taken_out(given: Given) -> None:
    given.uploads(range(4), [0, 1])
    given.settings.rules.write_text(f"field,value,first_day,last_day,reason\nuuid,{uuid(0)},,,x\n")
    given.refresh()
    given.erase(0)
    assert not given.refresh().is_rebuilt
    assert given.views("select * from ruled_out") == []
    assert given.files_with(uuid(0)) == {"rules.csv"}  # until the nightly purge


def test_public_rows_lose_it_at_once(given: Given) -> None:
    """With POPCON_PUBLISH_ROWS its latest report is public."""
    given.environment["POPCON_PUBLISH_ROWS"] = "yes"
    given.uploads(range(5), [0, 1, 2])
    given.uploads(range(1, 5), [4])
    given.refresh(IN_WEEK_4)
    assert len(given.public("select * from uploads")) == 5
    given.erase(0)
    assert given.refresh(IN_WEEK_4).is_published
    assert len(given.public("select * from uploads")) == 4
    assert len(list(given.settings.public_snapshots.glob("public-*.db"))) == 1


_UPLOADS = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 7), st.sampled_from([None, "00" * 8, "11" * 8]), REPORTS), max_size=40
)


@settings(max_examples=length(25, 300), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@drawing(drawn=_UPLOADS, moments=st.dictionaries(st.integers(0, 5), st.integers(0, 7), max_size=4), gap=st.booleans())
def test_erasures_between_refreshes_leave_what_a_rebuild_leaves(
    make_given: Callable[..., Given], drawn: list[Any], moments: dict[int, int], gap: bool
) -> None:
    """Random communities, erasures at random weeks, refreshed each week or every other."""
    given = make_given(POPCON_MIN_GROUP="2")
    given.append([])
    for week in range(8):
        for who, _, tag, report in (upload for upload in drawn if upload[1] == week):
            if moments.get(who, 8) >= week:
                given.upload(who, week, tag=tag, **report)
        for who in (who for who, at in moments.items() if at == week):
            given.erase(who)
        if not gap or week % 2:
            given.refresh(datetime(2026, 1, 10 + week, tzinfo=UTC) if week < 3 else IN_WEEK_9)
    given.uploads([99], [8])  # for both, the weeks before this one are counted for good
    given.refresh(IN_WEEK_9)
    for who in moments:
        assert not given.views(f"select * from installations where uuid = '{uuid(who)}'")
    refreshed = standing(given)
    given.refresh(IN_WEEK_9, rebuild=True)
    assert standing(given) == refreshed


def test_a_refresh_that_is_killed_while_it_takes_somebody_out_does_so_the_next_time(given: Given) -> None:
    drawn, seed = seeded()
    kills = length(6, 60)
    tell(seed=seed, kills=kills)
    given.uploads(range(60), [0, 1, 2], plugins=KATELLO)
    given.refresh()
    whole = _seconds_of(lambda: subprocess.run(_command("refresh"), env=_environment(given), check=True))
    for who in range(kills):
        given.upload(who, 3, plugins=ACME)
        given.erase(who)
        with subprocess.Popen(_command("refresh"), env=_environment(given), stdout=subprocess.DEVNULL) as run:
            time.sleep(drawn.uniform(0.3, 1.2) * whole)
            run.send_signal(signal.SIGKILL)
        assert given.views("pragma integrity_check") == [("ok",)]
    given.refresh()
    assert given.files_with(*(uuid(who) for who in range(kills)), "acme_secret") == set()
    after = standing(given)
    given.refresh(rebuild=True)
    assert standing(given) == after


def _seconds_of(run: Callable[[], object]) -> float:
    started = time.monotonic()
    run()
    return time.monotonic() - started


def _command(command: str) -> list[str]:
    return [sys.executable, "-m", "transforms", command]


def _environment(given: Given) -> dict[str, str]:
    return {**os.environ, **given.environment, "POPCON_DATA": str(given.folder)}


def test_erasures_of_bodies_of_all_sizes_leave_no_byte(given: Given) -> None:
    """SQLite moves rows between pages and leaves copies: only a file that is written anew has none."""
    draw = random.Random(7)
    people = list(range(length(300, 1500)))
    for week in (0, 1, 2):
        given.append(
            (
                moment(week),
                {
                    "uuid": uuid(who),
                    "core_version": f"3.{week}.{who}-canary",
                    "plugins": [
                        {"name": f"canary_{who}_", "version": f"1.{one}"} for one in range(draw.choice([1, 40]))
                    ],
                },
                None,
            )
            for who in people
        )
        given.refresh(IN_WEEK_4)
        gone = draw.sample(people, len(people) // 3)
        for who in gone:
            given.erase(who)
            people.remove(who)
        given.refresh(IN_WEEK_4)
        assert (
            given.files_with(*(text for who in gone for text in (uuid(who), f"canary_{who}_", f".{who}-can"))) == set()
        )
