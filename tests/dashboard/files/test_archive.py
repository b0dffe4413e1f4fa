"""The published weeks as files: what is listed is served, byte for byte, and nothing else."""

import asyncio
import os
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from dashboard.asgi.types import Message
from dashboard.servers import public_app
from simulation.public_database import publish
from tests.dashboard.archiving import write_latest, write_week
from tests.dashboard.asking import Get, asking, settings_in

FILE = "/archive/2024-04-08/weekly_plugins.csv"


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    publish(tmp_path / "public.db", weeks=40)
    exports = tmp_path / "public" / "exports"
    for name in ("2024-04-08", "2024-04-08.r2", "2024-04-15"):
        write_week(exports, name)
    write_latest(exports, tmp_path / "public.db")
    return exports


@pytest.fixture
def ask(runner: asyncio.Runner, tmp_path: Path, exports: Path) -> Iterator[Get]:  # noqa: ARG001 - written before
    site = public_app(settings_in(tmp_path))
    yield asking(runner, site)
    site.linked.close()


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("weekly_plugins.csv", "text/csv; charset=utf-8"),
        ("weekly_plugins.json", "application/json"),
        ("weekly_plugins.parquet", "application/vnd.apache.parquet"),
        ("datapackage.json", "application/json"),
    ],
)
def test_a_file_is_served_as_it_is_under_its_hash_for_ever(
    ask: Get, exports: Path, name: str, content_type: str
) -> None:
    path, content = f"/archive/2024-04-08/{name}", (exports / "2024-04-08" / name).read_bytes()
    answer = ask(path)
    assert (answer.status_code, answer.content) == (200, content)
    etag = f'"{sha256(content).hexdigest()}"'
    assert answer.headers["etag"] == etag
    assert answer.headers["content-type"] == content_type
    assert answer.headers["content-length"] == str(len(content))
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "last-modified" not in answer.headers

    head = ask(path, method="HEAD")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(content))
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        unchanged = ask(path, headers={"if-none-match": known})
        assert (unchanged.status_code, unchanged.content) == (304, b"")
        assert unchanged.headers["etag"] == etag
    assert ask(path, headers={"if-none-match": '"other"'}).status_code == 200
    assert ask(path, method="POST").status_code == 405


def test_the_whole_database_is_there_once_compressed(ask: Get, exports: Path, tmp_path: Path) -> None:
    answer = ask("/archive/latest/public.db.gz")
    content = (exports / "latest" / "public.db.gz").read_bytes()
    assert answer.content == content
    assert answer.headers["etag"] == f'"{sha256(content).hexdigest()}"'
    assert answer.headers["content-type"] == "application/gzip"
    assert answer.headers["cache-control"] == "public, max-age=60"
    publish(tmp_path / "public.db", weeks=41)
    write_latest(exports, tmp_path / "public.db")
    again = ask("/archive/latest/public.db.gz", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 200
    assert again.headers["etag"] == f'"{sha256(again.content).hexdigest()}"'


NOT_THERE = [
    "/archive/2024-04-08/unlisted.csv",
    "/archive/2024-04-08/%2e%2e/2024-04-15/weekly_plugins.csv", "/archive/2024-04-08/..%2f..%2f..%2fpublic.db",
    "/archive/%2e%2e/%2e%2e/public.db", "/archive/2024-04-08//weekly_plugins.csv",
    "/archive//2024-04-08/weekly_plugins.csv", "/archive/2024-04-22/weekly_plugins.csv", "/archive/2024-04-08.r3/",
    "/archive/2024-04-22/", "/archive/latest/", "/archive/latest/weekly_plugins.csv", "/archive/2024-04-08/latest/x",
    "/archive/2024-04-08/weekly_plugins.csv%00", "/archive/2024-04-08/linked.csv", "/archive/2024-04-08/outside.csv",
    "/archive/2024-04-08/folder.csv", "/archive/2024-04-08/pipe.csv", "/archive/2024-04-29/weekly_plugins.csv",
    "/archive/2024-05-06/", "/archive/2024-05-13/weekly_plugins.csv", "/archivex", "/archive/x/y/z",
]  # fmt: skip


@pytest.mark.parametrize("path", NOT_THERE)
def test_what_is_not_listed_is_not_there(ask: Get, exports: Path, tmp_path: Path, path: str) -> None:
    """Not a file that no list has, nothing behind a link, no folder, no pipe, and no list that cannot be read."""
    week = exports / "2024-04-08"
    (week / "unlisted.csv").write_text("x")
    (week / "linked.csv").symlink_to(week / "weekly_plugins.csv")
    (tmp_path / "outside.txt").write_text("x")
    (week / "outside.csv").symlink_to(tmp_path / "outside.txt")
    (week / "folder.csv").mkdir()
    os.mkfifo(week / "pipe.csv")
    package = week / "datapackage.json"
    line = '{"path": "%s", "bytes": 1, "hash": "sha256:' + sha256(b"x").hexdigest() + '"}, '
    listed = "".join(line % name for name in ("linked.csv", "outside.csv", "folder.csv", "pipe.csv", "../x.csv"))
    package.write_text(package.read_text().replace('"resources": [', f'"resources": [{listed}'))
    (exports / "2024-04-29").symlink_to(week)
    (exports / "2024-05-06").mkdir()
    (exports / "2024-05-13").mkdir()
    (exports / "2024-05-13" / "datapackage.json").write_text('{"resources": [{"path": 7}, 8, {}], "x": [')
    for method in ("GET", "HEAD"):
        answer = ask(path, method=method)
        if answer.status_code == 302:  # Datasette writes %2e otherwise
            answer = ask(answer.headers["location"], method=method)
        assert answer.status_code == 404, method
    assert ask(FILE).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/archive/2024-04-08/../2024-04-15/weekly_plugins.csv",
        "/archive/../public.db",
        "/archive/../../public.db",
        "/archive/./2024-04-08/weekly_plugins.csv",
    ],
)
def test_no_address_leads_out_of_the_archive(runner: asyncio.Runner, tmp_path: Path, exports: Path, path: str) -> None:
    """As nobody's client writes it who means well: httpx would resolve the dots."""
    (exports.parent / "public.db").write_bytes(b"x")
    site = public_app(settings_in(tmp_path))
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"", "headers": [],
        "scheme": "http", "http_version": "1.1", "root_path": "", "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 2),
    }  # fmt: skip
    runner.run(site.app()(scope, receive, send))
    assert sent[0]["status"] == 404
    site.linked.close()


def test_a_file_that_is_not_what_its_list_says_is_not_served(
    ask: Get, exports: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = exports / "2024-04-08" / "weekly_plugins.csv"
    file.write_bytes(file.read_bytes().replace(b",7", b",8"))
    answer = ask(FILE)
    assert answer.status_code == 500
    assert "is damaged" in answer.text
    assert "etag" not in answer.headers
    assert "weekly_plugins.csv is not what datapackage.json says" in capsys.readouterr().err


def test_the_archive_lists_its_weeks_with_revision_and_day(ask: Get) -> None:
    page = re.sub(r"\s+", " ", ask("/archive/").text)
    assert ask("/archive").headers["location"] == "/archive/"
    rows = re.findall(r"<tr><td.*?</tr>", page)
    assert len(rows) == 40 + 3
    revised = next(row for row in rows if "2024-04-08.r2" in row)
    assert "26 June 2024" in revised
    assert "Reports of a flood from one network are set aside" in revised
    assert '<a href="/archive/2024-04-08.r2/"' in revised
    assert '<a rel="nofollow" href="/?week=2024-04-08"' in revised
    assert sum('href="/archive/2' in row for row in rows) == 3
    assert 'href="/archive/latest/public.db.gz"' in page


def test_a_week_that_was_just_written_is_listed_at_once(ask: Get, exports: Path) -> None:
    assert "/archive/2024-04-22/" not in ask("/archive/").text
    write_week(exports, "2024-04-22")
    assert "/archive/2024-04-22/" in ask("/archive/").text


def test_the_page_of_a_week_lists_its_files_with_size_and_hash(ask: Get, exports: Path) -> None:
    assert ask("/archive/2024-04-08.r2").headers["location"] == "/archive/2024-04-08.r2/"
    page = re.sub(r"\s+", " ", ask("/archive/2024-04-08.r2/").text)
    assert "Week of 8 April 2024" in page
    assert "revision 2" in page
    assert "26 June 2024" in page
    assert "Reports of a flood from one network are set aside" in page
    for file in sorted((exports / "2024-04-08.r2").iterdir()):
        assert f'href="/archive/2024-04-08.r2/{file.name}"' in page
    content = (exports / "2024-04-08.r2" / "weekly_plugins.parquet").read_bytes()
    assert sha256(content).hexdigest() in page
    assert "Plugins" in page
    for name in ("", "2024-04-08/", "2024-04-08.r2/"):
        assert ask(f"/archive/{name}?week=2019-01-07").status_code == 200


def test_without_an_archive_the_page_says_how_it_comes(runner: asyncio.Runner, tmp_path: Path) -> None:
    site = public_app(settings_in(tmp_path))
    get = asking(runner, site)
    for _ in range(2):  # without a database, and with one
        page = get("/archive/")
        assert page.status_code == 200
        assert "make exports" in page.text
        assert get("/archive/2024-04-08/").status_code == 404
        publish(tmp_path / "public.db", weeks=4)
    site.linked.close()


def test_the_archive_is_there_also_without_the_database(runner: asyncio.Runner, tmp_path: Path) -> None:
    """It is what the database is taken back from."""
    write_week(tmp_path / "public" / "exports", "2024-04-08")
    site = public_app(settings_in(tmp_path))
    get = asking(runner, site)
    assert get(FILE).status_code == 200
    assert "/archive/2024-04-08/" in get("/archive/").text
    assert get("/archive/2024-04-08/").status_code == 200
    site.linked.close()
