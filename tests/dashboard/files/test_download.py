import asyncio
import os
import re
from hashlib import sha256
from pathlib import Path

from dashboard.servers import public_app
from simulation.public_database import publish
from tests.dashboard.asking import Get, asking, settings_in

PATHS = [
    "/", "/public", "/public/plugin_ranking", "/public/plugin_ranking.csv", "/public/plugin_ranking.json",
    "/public/plugin_ranking.svg", "/public/weekly_plugins", "/public.db", "/static/site.css", "/static/icon.svg",
    "/badge/plugin/katello.json", "/nope",
]  # fmt: skip


def test_the_databases_etag_is_the_hash_of_its_content(get: Get) -> None:
    """Found: it was the time of the file, which told the second of an erasure."""
    answer = get("/public.db")
    assert answer.headers["etag"] == f'"{sha256(answer.content).hexdigest()}"'
    assert get("/public.db", method="HEAD").headers["etag"] == answer.headers["etag"]
    assert get("/public.db", headers={"if-none-match": answer.headers["etag"]}).status_code == 304


def test_the_same_content_written_at_another_time_has_the_same_headers(runner: asyncio.Runner, tmp_path: Path) -> None:
    seen = []
    for second in (1_000_000_000, 1_234_567_890):
        folder = tmp_path / str(second)
        publish(folder / "public.db", weeks=4)
        for file in (folder / "public.db").resolve(), folder:
            os.utime(file, (second, second))
        site = public_app(settings_in(folder))
        get = asking(runner, site)
        seen.append([sorted(get(path).headers.items()) for path in PATHS])
        site.linked.close()
    assert seen[0] == seen[1]


def test_no_header_tells_a_time(get: Get) -> None:
    for path in PATHS:
        for method in ("GET", "HEAD"):
            headers = get(path, method=method).headers
            assert not {"last-modified", "expires", "age"} & set(headers), path
            assert not re.search(r"[0-9a-f]+-[0-9a-f]+", headers.get("etag", "")), path
