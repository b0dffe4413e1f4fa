"""`revise` undoes an attack, and changes nothing else."""

import subprocess
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import pytest

from tests.test_walls import ROOT
from tests.transforms.given import LATER, Given, monday, uuid
from transforms.editions.publisher import Revision
from transforms.pipeline import Refreshed, refresh

IN_WEEK_4 = datetime(2026, 2, 6, tzinfo=UTC)
KATELLO = [{"name": "katello", "version": "4.14.0"}]
FAKE = [{"name": "foreman_omaha", "version": "5.0.1"}]


@pytest.fixture
def given(make_given: Callable[..., Given]) -> Given:
    given = make_given(POPCON_NOISE="2", POPCON_MIN_GROUP="5")
    for week in range(4):
        given.uploads(range(40), [week], plugins=KATELLO)
        given.uploads(range(100, 130), [week], plugins=FAKE, core_version="3.11.0")
    given.uploads(range(40), [4], plugins=KATELLO)
    given.refresh(IN_WEEK_4)
    return given


def revise(given: Given, week: int = 0, now: datetime = IN_WEEK_4) -> Refreshed:
    return refresh(given.settings, now, revision=Revision(monday(week), "a botnet"))


def exclude(given: Given, *lines: str) -> None:
    given.settings.rules.write_text("\n".join(["field,value,first_day,last_day,reason", *lines]) + "\n")


def cells(given: Given, week: int) -> dict[str, int]:
    where = f"where week_start = '{monday(week)}'"
    found = dict(given.public(f"select plugin, installations from weekly_plugins {where}"))
    return found | dict(given.public(f"select 'established', established from weekly_installations {where}"))


def test_an_attack_is_undone_and_what_it_did_not_touch_stays(given: Given) -> None:
    before = cells(given, 3)
    exclude(given, "plugin,foreman_omaha,,,a botnet")
    assert given.refresh(IN_WEEK_4).editions == ()
    assert revise(given).editions == tuple(monday(week) for week in (1, 2, 3))
    after = cells(given, 3)
    assert "foreman_omaha" not in after
    assert abs(after["established"] - 40) <= 5
    assert after["katello"] == before["katello"]
    rows = given.public(f"select revision, reason, published_on from editions where week_start = '{monday(3)}'")
    assert rows == [(1, "", "2026-02-06"), (2, "a botnet", "2026-02-06")]
    shares = given.public(f"select installations, n, share from weekly_plugins where week_start = '{monday(3)}'")
    assert all(round(min(1, figure / n), 5) == share for figure, n, share in shares)


def cells_of_week_42(given: Given) -> list[tuple[object, ...]]:
    """Return figures of a week of cross tables: katello, its version 4.14.0, and its pair with foreman_puppet."""
    return given.public(f"""
        select
            (select installations from weekly_plugins where plugin = 'katello' and week_start = e.week_start),
            (select installations from weekly_plugin_versions where version = '4.14.0' and week_start = e.week_start),
            (select installations from plugin_pairs where plugin = 'katello' and week_start = e.week_start)
        from editions as e where e.week_start = '{monday(42)}' limit 1
    """)


BY_VERSION = {
    "3.18.1": range(40),
    "3.19.1": range(50, 70),
    "3.20.0-develop": range(80, 86),
    "4.20.0.beta1": range(90, 104),
}


def on(given: Given, *versions: str) -> None:
    """Publish three weeks of the installations on these versions."""
    for week in (36, 37, 38):
        for version in versions:
            given.uploads(BY_VERSION[version], [week], core_version=version)
    given.refresh()


@pytest.mark.parametrize(
    ("noise", "versions", "erased"),
    [("2", ["3.19.1", "3.20.0-develop"], range(80, 86)), ("0", ["3.18.1", "4.20.0.beta1"], [])],
)
def test_freshness_stays_whatever_becomes_of_its_series(
    make_given: Callable[..., Given], noise: str, versions: list[str], erased: Iterable[int]
) -> None:
    """Found: where one series made it up, it showed that one's figure, whatever it had shown: an erasure changed it."""
    given = make_given(POPCON_NOISE=noise, POPCON_MIN_GROUP="5")
    on(given, *versions)
    assert given.public("select count(*) > 0 from weekly_freshness where freshness = 'previous'") == [(1,)]
    public = given.settings.public.resolve().read_bytes()
    for who in erased:
        given.erase(who)
    given.refresh()
    assert revise(given, 37, LATER).editions == ()
    assert given.settings.public.resolve().read_bytes() == public


def test_a_second_revision_for_nothing_changes_nothing(make_given: Callable[..., Given]) -> None:
    """Found: a series that the first one had emptied still counted as one of two."""
    given = make_given(POPCON_NOISE="2", POPCON_MIN_GROUP="5")
    on(given, "3.18.1", "3.19.1", "3.20.0-develop")
    exclude(given, "core_version,3.19*,,,a botnet")
    assert revise(given, 37, LATER).editions != ()
    assert revise(given, 37, LATER).editions == ()


def test_what_is_worked_out_of_another_week_follows_it(make_given: Callable[..., Given]) -> None:
    """Found: the share of those who stay was for ever of a quarter's figure that no week shows any more."""
    given = make_given(POPCON_NOISE="2", POPCON_MIN_GROUP="5")
    for week in range(10):
        given.uploads(range(40), [week])
        given.uploads(range(100, 200) if week < 3 else (), [week], core_version="3.11.0")
    given.refresh()
    exclude(given, "core_version,3.11.0,,,a botnet")
    revise(given, 1, LATER)
    figures = given.public("select installations, highest, share from weekly_retention order by week_start")
    assert len(figures) > 9
    highest = 0
    for installations, shown, share in figures:
        highest = max(highest, installations)
        assert (shown, share) == (highest, round(installations / highest, 5))


def test_versions_come_back_with_their_plugin(make_given: Callable[..., Given]) -> None:
    """Found: they had not changed by k, and so kept the figure that they did not show any more."""
    given = make_given(POPCON_NOISE="2", POPCON_MIN_GROUP="5")
    given.settings.noise_key.write_bytes(bytes(32))
    for week in range(40, 44):
        given.uploads(range(24), [week], plugins=KATELLO)
        given.uploads(range(24, 30), [week], plugins=[{"name": "katello", "version": "4.13.0"}])
        given.uploads(range(50, 80), [week])
    given.refresh()
    assert None not in cells_of_week_42(given)[0][:2]
    exclude(given, *(f"uuid,{uuid(who)},,,made up" for who in (0, 1, 2, *range(24, 30))))
    revise(given, 41, LATER)
    assert cells_of_week_42(given)[0][1] is None
    exclude(given)
    revise(given, 41, LATER)
    assert None not in cells_of_week_42(given)[0][:2]


def test_a_hidden_pair_does_not_show_for_one_more(make_given: Callable[..., Given]) -> None:
    """Found: of pairs below k it was not kept that they had any, so that a fifth looked like five."""
    given = make_given(POPCON_NOISE="0", POPCON_MIN_GROUP="5")
    other = [{"name": "foreman_puppet", "version": "1.0.0"}]
    for week in range(40, 44):
        given.uploads(range(30), [week], plugins=KATELLO)
        given.uploads(range(30, 60), [week], plugins=other)
        given.uploads(range(60, 65), [week], plugins=[*KATELLO, *other])
        given.uploads(range(70, 90), [week], core_version="3.11.0")
    fifth = f"uuid,{uuid(64)},,,made up"
    exclude(given, fifth)
    given.refresh()
    exclude(given, fifth, "core_version,3.11.0,,,a botnet")
    assert revise(given, 41, LATER).editions != ()
    exclude(given, "core_version,3.11.0,,,a botnet")
    revise(given, 41, LATER)
    assert cells_of_week_42(given)[0][2] is None


def test_a_cell_whose_members_are_all_gone_keeps_its_figure_if_they_were_few(make_given: Callable[..., Given]) -> None:
    """Else it would vanish, and tell that it had at most a few."""
    given = make_given(POPCON_NOISE="2", POPCON_MIN_GROUP="3")
    given.settings.noise_key.write_bytes(bytes(32))
    for week in range(2):
        given.uploads(range(40), [week], plugins=KATELLO)
        given.uploads(range(50, 52), [week], plugins=FAKE, core_version="3.17.1", hosts_count=700)
    given.refresh()
    few = given.public("select week_start, installations from weekly_plugins where plugin = 'foreman_omaha'")
    assert few, "of four weeks one has enough noise"
    before = given.figures()
    for who in (50, 51):
        given.erase(who)
    exclude(given, f"uuid,{uuid(99)},,,nobody")
    assert refresh(given.settings, datetime(2026, 11, 23, tzinfo=UTC), revision=Revision(monday(1), "x")).editions == ()
    assert given.figures() == before


def test_what_had_counted_is_kept_privately(given: Given) -> None:
    """Its cells have no names, which an erased installation may have been the only one to report."""
    content = given.settings.history.read_bytes()
    assert b"katello" not in content
    assert b"foreman_omaha" not in content


def test_without_what_had_counted_weeks_stay(given: Given) -> None:
    """With another key, the cells cannot be told."""
    given.settings.noise_key.unlink()
    exclude(given, "plugin,foreman_omaha,,,a botnet")
    before = given.settings.public.resolve().read_bytes()
    done = revise(given)
    assert (done.editions, done.not_revised) == ((), tuple(monday(week) for week in (1, 2, 3)))
    assert given.settings.public.resolve().read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--from=2026-01-13", "--reason=x"], "'2026-01-13' is not a published week; give a Monday from 2026-01-05 to"),
        (["--from=2027-01-04", "--reason=x"], "is not a published week"),
        (["--from=yesterday", "--reason=x"], "'yesterday' is not a published week"),
        (["--from=2026-01-12", "--reason="], "the reason is published: give 1 to 120"),
        (["--from=2026-01-12", "--reason=a\nb"], "printable"),
        (["--from=2026-01-12", f"--reason={'x' * 121}"], "1 to 120"),
    ],
)
def test_what_cannot_be_revised_is_said(given: Given, arguments: list[str], said: str) -> None:
    before = given.settings.editions.read_bytes()
    done = command(given, *arguments)
    assert (done.returncode, said in done.stderr) == (1, True), done.stderr
    assert given.settings.editions.read_bytes() == before


def test_a_uuid_in_the_reason_is_not_published(given: Given) -> None:
    exclude(given, "plugin,foreman_omaha,,,a botnet")
    before = given.settings.editions.read_bytes()
    done = command(given, "--from=2026-01-12", f"--reason=of {uuid(3)}")
    assert (done.returncode, "uuids of installations are in 1 of the texts" in done.stderr) == (1, True)
    assert given.settings.editions.read_bytes() == before


def command(given: Given, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**given.environment, "POPCON_DATA": str(given.folder)}
    run = [sys.executable, "-m", "transforms", "revise", *arguments]
    return subprocess.run(run, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_revision_that_is_cut_off_can_be_made_again(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    """Found: what had counted was then that of a revision that nobody had published, and nothing changed any more."""
    exclude(given, "plugin,foreman_omaha,,,a botnet")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("transforms.editions.store.append", fail)
        with pytest.raises(OSError, match=r"No space left|is full"):
            revise(given)
    assert revise(given).editions == tuple(monday(week) for week in (1, 2, 3))
    assert "foreman_omaha" not in cells(given, 3)


def test_a_revision_keeps_the_k_and_the_noise_of_its_week(given: Given) -> None:
    """Found: with another k, a single erasure changed figures; with noise, exact figures vanished."""
    exclude(given, "plugin,foreman_omaha,,,a botnet")
    given.environment |= {"POPCON_MIN_GROUP": "2", "POPCON_NOISE": "0"}
    revise(given)
    assert given.public("select distinct revision, min_group, noise from editions order by 1") == [(1, 5, 2), (2, 5, 2)]
