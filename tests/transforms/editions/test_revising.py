"""`revise` undoes an attack, and changes nothing else."""

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.test_walls import ROOT
from tests.transforms.given import Given, monday, uuid
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
