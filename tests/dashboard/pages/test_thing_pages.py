import asyncio
from pathlib import Path

import pytest

from dashboard.questions.queries import Rows
from dashboard.questions.things import like, that_contain, things_of
from dashboard.servers import public_app
from dashboard.site import Dashboard
from simulation.public_database import publish
from tests.dashboard.asking import Get, asking, settings_in


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/plugin/katello", ["katello: installations that have it", "katello: versions in use"]),
        ("/feature/DNS", ["DNS: installations that use it"]),
        ("/compute_resource/VMware", ["VMware: installations that use it"]),
        ("/series/3.9", ["Foreman 3.9: installations", "Foreman 3.9: share of each version"]),
    ],
)
def test_a_thing_has_a_page_with_history_share_and_formats(get: Get, path: str, words: list[str]) -> None:
    kind, name = path.strip("/").split("/")
    answer = get(path)
    assert answer.status_code == 200
    for each in [*words, "95 % interval", ">CSV</a>", ">JSON</a>", ">SVG</a>", "Compare</button>"]:
        assert each in answer.text, each
    assert f".svg?{kind}={name})](http://localhost{path})" in answer.text
    assert get(f"/badge{path}.json").status_code == 200


def test_a_things_change_is_beside_it(get: Get) -> None:
    assert "+220 in a year" in get("/plugin/katello").text


def test_a_badge_is_as_shields_io_reads_it(get: Get) -> None:
    answer = get("/badge/plugin/katello.json")
    assert answer.json() == {
        "schemaVersion": 1, "label": "Foreman installations", "message": "730 · 74.7 %", "color": "0a5dc2",
        "cacheSeconds": 3600,
    }  # fmt: skip
    assert answer.headers["access-control-allow-origin"] == "*"
    unknown = get("/badge/plugin/foreman_none.json")
    assert unknown.status_code == 404
    assert unknown.json()["message"] == "not known"


@pytest.mark.parametrize("path", ["/plugin/katelo", "/plugin/(other)", "/plugin/a%2Fb%3Cscript%3E", "/series/9.9"])
def test_a_name_that_is_not_shown_is_a_clear_404(get: Get, path: str) -> None:
    answer = get(path)
    assert answer.status_code == 404
    assert "Nothing is shown under this name" in answer.text
    assert "its figure was\nbelow 5 in every week" in answer.text


def test_what_may_have_been_meant_is_offered(get: Get) -> None:
    assert '<a href="/plugin/katello">katello</a>' in get("/plugin/katelo").text


@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        ("kate", "/plugin/katello"),
        ("REMOTE exec", "/plugin/foreman_remote_execution"),
        ("puppetca", "/feature/Puppet_CA"),
        ("vm", "/compute_resource/VMware"),
        ("3.1", "/series/3.10"),
        ("plugins grow", "/public/plugins_within_a_year"),
    ],
)
def test_a_part_of_the_name_finds_it(get: Get, wanted: str, path: str) -> None:
    assert f'href="{path}"' in get(f"/search?q={wanted}").text


def test_a_search_that_finds_nothing_says_so(get: Get) -> None:
    assert "No name that is shown contains this" in get("/search?q=nonesuch").text
    assert "Enter part of the name" in get("/search").text
    assert "Enter part of the name" in get("/search?q=++").text


def test_up_to_five_are_compared_in_one_picture(get: Get) -> None:
    rows = get("/public/compare_plugins.json?a=katello&e=foreman_salt").json()["rows"]
    assert {row[1] for row in rows} == {"katello", "foreman_salt"}
    three = get("/public/compare_plugins.json").json()["rows"]
    assert len({row[1] for row in three}) == 3
    assert get("/public/compare_plugins.svg?a=katello&e=foreman_salt").text.count('class="line') == 2


def test_a_thing_that_is_gone_is_shown_as_it_last_was(site: Dashboard) -> None:
    kind = site.kinds["plugin"]
    rows = [("gone", "2024-01-01", 9), ("here", "2025-01-06", 7), ("(other)", "2025-01-06", 8)]
    found = things_of(kind, Rows(["plugin", "last_week", "installations"], rows), "2025-01-06")
    assert [(thing.name, thing.rank) for thing in found.values()] == [("here", 1), ("gone", None)]
    assert [thing.name for thing in that_contain("E", found)] == ["here", "gone"]
    assert like("her", found) == ["here"]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/method", "The published figure is 977; the true number is between 972 and 982."),
        ("/quality", "How far the figures can be trusted"),
        ("/take-part", "foreman-popcon disable"),
    ],
)
def test_the_pages_that_explain_are_there(get: Get, path: str, words: str) -> None:
    answer = get(path)
    assert answer.status_code == 200
    assert words in answer.text


def test_a_query_that_a_busy_machine_cannot_finish_in_time_is_no_fault(
    runner: asyncio.Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Found: with every attack at once, a plugin's page was a 500 and a line on standard error."""
    publish(tmp_path / "public.db", weeks=60)
    site = public_app(settings_in(tmp_path))
    get = asking(runner, site)
    assert get("/plugin/katello").status_code == 200
    monkeypatch.setattr(site, "sql_time_limit_ms", 0.001)
    answer = get("/plugin/foreman_puppet")
    assert answer.status_code == 503
    assert "try again later" in answer.text
    assert capsys.readouterr().err == ""
    site.linked.close()
