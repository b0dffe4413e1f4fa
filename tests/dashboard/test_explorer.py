import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest

from dashboard.questions.queries import load_metadata, queries_of
from dashboard.servers import explorer_app
from simulation.public_database import write_views
from tests.dashboard.asking import Get, asking, settings_in
from tests.dashboard.serving import fetch, server
from tests.memory import memory_of

QUERIES = queries_of(load_metadata("views"), "views")


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_of_the_operator_returns_rows(get_explorer: Get, name: str) -> None:
    answer = get_explorer(f"/views/{name}.json")
    assert answer.status_code == 200
    assert answer.json()["rows"]
    assert get_explorer(f"/views/{name}").status_code == 200


def test_one_installation_is_shown_whole_by_its_id(get_explorer: Get) -> None:
    assert get_explorer("/views/installation.json?id=2").json()["rows"] == [
        ["core", "3.17.0", "2026-11-02T10:00:00Z"],
        ["proxy", "3.17.0", '["DNS", "TFTP"]'],
        ["plugin", "katello", "4.2"],
        ["compute resource", "libvirt", ""],
        ["further key", "hosts", "12"],
        ["set aside", "$.plugins[3]", "is no object"],
    ]


def test_sql_of_ones_own_may_read(get_explorer: Get) -> None:
    found = get_explorer("/views.json?sql=select+count(*)+from+plugins").json()
    assert found["rows"] == [[2]]
    assert "<textarea" in get_explorer("/views?sql=select+1").text
    assert "<textarea" in get_explorer("/views").text
    assert "Change this SQL" in get_explorer("/views/counts").text


@pytest.mark.parametrize("sql", ["delete+from+plugins", "pragma+writable_schema=1", "attach+'x'+as+x"])
def test_sql_of_ones_own_may_not_write(get_explorer: Get, sql: str) -> None:
    assert get_explorer(f"/views?sql={sql}").status_code == 400


def test_it_starts_at_its_questions(get_explorer: Get) -> None:
    assert get_explorer("/").headers["location"] == "/views"
    assert "Private" in get_explorer("/views").text


def test_nothing_of_it_is_kept_or_shared(get_explorer: Get) -> None:
    headers = get_explorer("/views/latest_uploads.json").headers
    assert headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in headers
    assert get_explorer("/views.db").status_code in {403, 404}


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8002", 200),
        ("localhost", 200),
        ("[::1]:9", 200),
        ("popcon.example", 403),
        ("127.0.0.1.example:80", 403),
    ],
)
def test_it_answers_to_this_machine_only(get_explorer: Get, host: str, status: int) -> None:
    assert get_explorer("/views", headers={"host": host}).status_code == status


def test_inner_pages_are_closed_here_too(get_explorer: Get) -> None:
    assert get_explorer("/-/databases").status_code == 404


def test_without_views_it_says_what_to_do(runner: asyncio.Runner, tmp_path: Path) -> None:
    site = explorer_app(settings_in(tmp_path))
    get = asking(runner, site)
    assert get("/").status_code == 200
    assert "make refresh" in get("/").text
    assert get("/views").status_code == 503
    site.linked.close()


def test_a_view_can_be_filtered(get_explorer: Get) -> None:
    assert get_explorer("/views/plugins.json?version=4.2&_shape=array").json() == [
        {"id": 2, "upload_id": 2, "name": "katello", "version": "4.2"}
    ]


def test_an_installation_is_one_click_from_the_latest_uploads(get_explorer: Get) -> None:
    assert '<a href="/views/installation?id=2">2</a>' in get_explorer("/views/latest_uploads").text


def test_what_an_operator_looks_for_comes_first(get_explorer: Get) -> None:
    page = get_explorer("/views").text
    first = [page.index(f'href="/views/{name}"') for name in ("latest_uploads", "what_was_set_aside", "installation")]
    views = [page.index(f"<code>{name}</code>") for name in ("uploads", "set_aside", "plugins", "proxies")]
    assert first + views == sorted(first + views)


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
    ],
)
def test_no_other_page_may_ask(get_explorer: Get, headers: dict[str, str]) -> None:
    """Found: a page in the operator's browser could make it run SQL."""
    answer = get_explorer("/views?sql=select+1", headers={"host": "127.0.0.1:8002", **headers})
    assert answer.status_code == 403


def test_its_own_pages_may_ask(get_explorer: Get) -> None:
    headers = {"host": "127.0.0.1:8002", "sec-fetch-site": "same-origin", "origin": "http://127.0.0.1:8002"}
    assert get_explorer("/views?sql=select+1", headers=headers).status_code == 200


GREEDY = [
    "select zeroblob(400000000)",
    "select length(hex(zeroblob(200000000)))",
    "with recursive r(n) as (select 1 union all select n + 1 from r) select zeroblob(1000000) from r",
    "with recursive r(n) as (select 1 union all select n + 1 from r) select group_concat(hex(randomblob(1000))) from r",
    "with recursive r(n, b) as (select 1, '' union all select n + 1, hex(randomblob(400000)) from r) "
    "select count(distinct b) from r",
    "select printf('%.*c', 900000000, 'x')",
]


def test_greedy_sql_fails_before_it_takes_the_memory(tmp_path: Path) -> None:
    """Found: `select zeroblob(…)` took the explorer from 45 to 5,277 MB."""
    write_views(tmp_path / "views.db")
    with server("explorer", tmp_path) as (address, running):
        for sql in GREEDY:
            for form in ("", ".json"):
                status, _ = fetch(f"{address}/views{form}?sql={quote(sql)}")
                assert status in (200, 400), sql
        assert memory_of(running.pid) < 250e6
        assert fetch(f"{address}/views/counts")[0] == 200
        running.terminate()
        assert running.communicate(timeout=30)[0] == ""


SPILLING = [
    "with recursive r(n) as (select 1 union all select n + 1 from r where n < 3000000)"
    " select n, hex(randomblob(200)) as x from r order by x",
    "with recursive r(n) as (select 1 union all select n + 1 from r where n < 3000000)"
    " select distinct hex(randomblob(200)) from r limit 1 offset 2999999",
]


def test_no_query_writes_to_the_disk(tmp_path: Path) -> None:
    """Found: four who sorted large results wrote 116 MB a second, and uploads waited for the disk."""
    write_views(tmp_path / "views.db")
    with server("explorer", tmp_path) as (address, running):
        for sql in SPILLING:
            assert fetch(f"{address}/views.json?sql={quote(sql)}")[0] in (400, 503), sql
        assert written_bytes(running.pid) < 1e6
        assert fetch(f"{address}/views/counts")[0] == 200


def test_after_greedy_sql_ordinary_requests_are_answered(tmp_path: Path) -> None:
    """Found: its memory stayed with the threads that had run it, and answers broke off with a traceback."""
    write_views(tmp_path / "views.db")
    with server("explorer", tmp_path) as (address, running):
        greedy = [f"{address}/views.json?sql={quote(sql)}" for sql in (*GREEDY, *SPILLING)]
        with ThreadPoolExecutor(4) as pool:
            assert {status for status, _ in pool.map(fetch, greedy * 4)} <= {200, 400, 503}
        ordinary = ["/views", "/views/plugins?_sort=name&_size=max", "/views/counts"]
        assert [fetch(f"{address}{path}")[0] for path in ordinary] == [200] * len(ordinary)
        assert memory_of(running.pid, "VmData") < 230e6
        running.terminate()
        assert running.communicate(timeout=30)[0] == ""


def written_bytes(pid: int) -> int:
    """Return what a process has written with write(2) and the like, sockets apart."""
    counts = dict(line.split(": ") for line in Path(f"/proc/{pid}/io").read_text().splitlines())
    return int(counts["wchar"])


def test_a_query_that_fails_leaves_no_uuid_behind(tmp_path: Path) -> None:
    """Found: Datasette wrote the SQL and its parameters to standard error."""
    write_views(tmp_path / "views.db")
    with server("explorer", tmp_path) as (address, running):
        sql = quote("select * from nothing where uuid = :uuid")
        assert fetch(f"{address}/views?sql={sql}&uuid=0123456789abcdef0123")[0] == 400
        assert fetch(f"{address}/views/plugins?id__gt=99999999999999999999")[0] == 400
        running.terminate()
        assert running.communicate(timeout=30)[0] == ""
