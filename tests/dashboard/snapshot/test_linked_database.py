import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from dashboard.servers import explorer_app, public_app
from dashboard.snapshot.snapshot import SnapshotClosedError
from simulation.public_database import point, publish, write_views
from tests.dashboard.asking import asking, settings_in
from tests.programs import lack


def open_files(folder: Path) -> list[str]:
    descriptors = Path("/proc/self/fd")
    if not descriptors.is_dir():
        lack("/proc is not mounted, so that open files cannot be counted")
    found = []
    for link in descriptors.iterdir():
        try:
            found.append(str(link.readlink()))
        except FileNotFoundError:  # the one that lists them
            continue
    return [name for name in found if name.startswith(str(folder))]


def delete_old(folder: Path) -> None:
    """As the publisher does: all but the current one and the one before."""
    for snapshot in sorted((folder / "snapshots").iterdir())[:-2]:
        snapshot.unlink()


def test_25_swaps_under_load_give_whole_pages_and_leak_no_file(tmp_path: Path) -> None:
    """Each answer is of one snapshot: all weeks of it grow from the same size."""
    publish(tmp_path / "public.db", weeks=3, size=1000)
    site = public_app(settings_in(tmp_path))
    seen: set[int] = set()
    is_over = False

    async def read() -> None:
        before = 0
        while not is_over:
            rows = (await site.client.get("/public/installations.json")).json()["rows"]
            sizes = {row[1] - 3 * (len(rows) - 1 - at) for at, row in enumerate(rows)}
            assert len(sizes) == 1
            assert before <= min(sizes)
            before = min(sizes)
            assert (await site.client.get("/")).status_code == 200
            assert len((await site.client.get("/public.db")).content) > 10_000
            seen.update(sizes)

    async def swap() -> None:
        nonlocal is_over
        for number in range(1, 26):
            publish(tmp_path / "public.db", weeks=3, size=1000 + number)
            delete_old(tmp_path)
            await asyncio.sleep(0.02)
        is_over = True

    async def both() -> None:
        await site.client.get("/")
        await asyncio.gather(swap(), *(read() for _ in range(4)))
        assert (await site.client.get("/public/installations.json")).json()["rows"][-1][1] == 1025

    asyncio.run(both())
    assert len(seen) > 5  # on a busy machine few are caught between two swaps
    assert len(set(open_files(tmp_path))) == 1
    # For each thread one for the latest week and one for earlier ones; and one for the download.
    assert len(open_files(tmp_path)) == 2 * site.setting("num_sql_threads") + 1
    site.linked.close()
    assert open_files(tmp_path) == []


def test_a_request_keeps_its_snapshot_to_the_end(runner: asyncio.Runner, tmp_path: Path) -> None:
    publish(tmp_path / "public.db", weeks=2, size=1000)
    site = public_app(settings_in(tmp_path))

    async def read_across_a_swap() -> tuple[int, int, int]:
        sql = "select max(established) from weekly_installations"
        with site.linked.pinned() as before:
            first = (await site.linked.execute(sql)).first()[0]
            publish(tmp_path / "public.db", weeks=2, size=2000)
            before.file.unlink()
            second = (await site.linked.execute(sql)).first()[0]
        return first, second, (await site.linked.execute(sql)).first()[0]

    assert runner.run(read_across_a_swap()) == (1003, 1003, 2003)
    site.linked.close()


def test_a_file_that_is_no_database_is_left_alone(
    runner: asyncio.Runner, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(tmp_path / "public.db", weeks=2)
    site = public_app(settings_in(tmp_path))
    get = asking(runner, site)
    before = get("/").text
    broken = tmp_path / "snapshots" / "public-broken.db"
    broken.write_bytes(b"no database" * 1000)
    point(tmp_path / "public.db", broken)
    assert get("/").text == before
    assert "file is not a database. Still serving the previous one." in capsys.readouterr().err
    site.linked.close()


def test_a_snapshot_that_was_closed_is_not_read(tmp_path: Path) -> None:
    publish(tmp_path / "public.db", weeks=2)
    site = public_app(settings_in(tmp_path))
    with site.linked.pinned() as snapshot:
        pass
    site.linked.close()
    with pytest.raises(SnapshotClosedError):
        snapshot.run(lambda connection: connection)


def test_the_explorer_sees_what_the_refresh_writes_and_a_rebuilt_file(runner: asyncio.Runner, tmp_path: Path) -> None:
    file = write_views(tmp_path / "views.db")
    site = explorer_app(settings_in(tmp_path))
    get = asking(runner, site)
    assert len(get("/views/latest_uploads.json").json()["rows"]) == 2
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("insert into uploads values (3, '0000000000000003', '3.18.0', '2026-11-03T10:00:00Z')")
    assert get("/views/latest_uploads.json").json()["rows"][0][0] == 3
    write_views(tmp_path / "views.db")
    assert len(get("/views/latest_uploads.json").json()["rows"]) == 2
    site.linked.close()
