import asyncio
import sqlite3
import tracemalloc
from pathlib import Path

from dashboard.servers import public_app
from simulation.public_database import publish
from tests.dashboard.asking import Get, asking, settings_in


def test_a_page_is_made_once_and_told_unchanged(get: Get) -> None:
    first = get("/public/plugin_ranking")
    again = get("/public/plugin_ranking")
    assert again.content == first.content
    assert again.headers["content-length"] == str(len(first.content))
    assert again.headers["x-frame-options"] == "DENY"

    unchanged = get("/public/plugin_ranking", headers={"if-none-match": first.headers["etag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged.headers["etag"] == first.headers["etag"]
    assert get("/public/plugin_ranking", headers={"if-none-match": '"other"'}).status_code == 200


def test_the_next_snapshot_makes_it_anew(runner: asyncio.Runner, tmp_path: Path) -> None:
    publish(tmp_path / "public.db", weeks=4)
    site = public_app(settings_in(tmp_path))
    get = asking(runner, site)
    before = get("/public/installations.json")
    publish(tmp_path / "public.db", weeks=5)
    after = get("/public/installations.json", headers={"if-none-match": before.headers["etag"]})
    assert after.status_code == 200
    assert len(after.json()["rows"]) == len(before.json()["rows"]) + 1
    site.linked.close()


def test_pages_of_different_addresses_are_different(get: Get) -> None:
    assert get("/public/plugin_ranking?week=2023-11-20").content != get("/public/plugin_ranking").content
    assert get("/nope").status_code == 404
    assert get("/").status_code == 200


def test_other_methods_have_the_headers_of_a_page(get: Get) -> None:
    head = get("/public/plugin_ranking", method="HEAD")
    assert (head.status_code, head.content) == (200, b"")
    assert get("/public/plugin_ranking.json", method="OPTIONS").headers["access-control-allow-origin"] == "*"


def test_the_database_is_the_snapshot_whole(get: Get, tmp_path: Path) -> None:
    answer = get("/public.db")
    assert answer.headers["content-length"] == str(len(answer.content))
    assert "transfer-encoding" not in answer.headers
    assert answer.headers["content-disposition"] == 'attachment; filename="foreman-popcon-2025-01-06.db"'
    file = tmp_path / "copy.db"
    file.write_bytes(answer.content)
    connection = sqlite3.connect(file)
    assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
    assert connection.execute("select last_week from publication").fetchone() == ("2025-01-06",)
    connection.close()

    etag = answer.headers["etag"]
    assert get("/public.db", headers={"if-none-match": etag}).status_code == 304
    assert get("/public.db", method="HEAD").headers["content-length"] == answer.headers["content-length"]


def test_an_answer_too_large_to_keep_is_passed_on_whole(runner: asyncio.Runner, tmp_path: Path) -> None:
    publish(tmp_path / "public.db", weeks=500)
    site = public_app(settings_in(tmp_path))
    get = asking(runner, site)
    for _ in range(2):
        answer = get("/public/weekly_plugin_versions.csv")
        assert len(set(answer.text.splitlines())) == len(answer.text.splitlines()) == 1 + 500 * 60
        assert len(answer.content) > 1 << 20
    site.linked.close()


def test_many_addresses_take_no_more_than_the_cache_may(runner: asyncio.Runner, tmp_path: Path) -> None:
    """Found: bodies were counted and addresses were not; a `Host` of 30 kB took 390 MB in 40 seconds."""
    publish(tmp_path / "public.db", weeks=3)
    site = public_app(settings_in(tmp_path))
    get = asking(runner, site)
    tracemalloc.start()
    for number in range(600):
        assert get("/method", headers={"host": f"{number}.{'a' * 30_000}"}).status_code == 200
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    site.linked.close()
    assert kept < 10e6
