"""How fast the pages are: `python -m benchmarks.dashboard`; on a database as a million installations would make it.

Three years of weeks, every plugin and version of the catalogue shown, over HTTP on loopback.  Cold: the page is made.
Warm: it was made before, from the same snapshot.  Prints one JSON object a line.
"""

import csv
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any

from simulation import public_database as community

ROOT = Path(__file__).parents[1]
CATALOG = ROOT / "vocabulary" / "catalog"
INSTALLATIONS, WEEKS, VERSIONS = 1_000_000, 156, 12
ROUNDS = 40
PAGES = {
    "front page": "/",
    "front page, an earlier week": "/?week={earlier}",
    "list of questions": "/public",
    "question with a chart": "/public/plugin_ranking?week={week}",
    "question over time": "/public/plugin_versions_over_time?plugin={plugin}",
    "comparison": "/public/compare_plugins?a=katello&b={plugin}",
    "plugin": "/plugin/{plugin}",
    "plugin, an earlier week": "/plugin/{plugin}?week={earlier}",
    "series": "/series/{series}",
    "search": "/search?q={part}",
    "method": "/method",
    "data quality": "/quality",
    "table": "/public/weekly_plugin_versions?plugin={plugin}",
    "table, an earlier week": "/public/weekly_plugin_versions?plugin={plugin}&week={earlier}",
    "facets": "/public/weekly_plugins?_facet=plugin&week_start={week}",
    "picture": "/public/plugin_over_time.svg?plugin={plugin}",
    "badge": "/badge/plugin/{plugin}.json",
    "JSON": "/public/plugin_ranking.json?week={week}",
    "CSV": "/public/plugin_ranking.csv?week={week}",
}


def plugins() -> list[str]:
    with (CATALOG / "plugins.csv").open(encoding="utf-8") as lines:
        return [row[0] for row in csv.reader(lines)][1:]


def make_public(folder: Path) -> None:
    """Write public.db: the community of the tests, in large."""
    named = community.PLUGINS
    community.publish(folder / "public.db", WEEKS, INSTALLATIONS)
    more = [name for name in plugins() if name not in named]
    with closing(sqlite3.connect(folder / "public.db")) as connection, connection:
        days = [row[0] for row in connection.execute("select week_start from weekly_installations")]
        for day in days:
            rows = [
                community.share(900 - rank, INSTALLATIONS, week_start=day, plugin=name)
                for rank, name in enumerate(more)
            ]
            community.insert(connection, "weekly_plugins", rows)
            versions = [
                community.share(90, 900, week_start=day, plugin=name, version=f"9.{n}.0", sort_key=f"{n:02d}")
                for name in (*named, *more) for n in range(VERSIONS)
            ]  # fmt: skip
            community.insert(connection, "weekly_plugin_versions", versions)


@contextmanager
def served(folder: Path, *module: str) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    variables = {"POPCON_DATA": str(folder), "POPCON_DASHBOARD_PORT": str(port)}
    process = subprocess.Popen([sys.executable, "-m", *module], cwd=ROOT, env=os.environ | variables)  # noqa: S603 - our own
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.kill()
        process.wait()


def peak_megabytes(process: "subprocess.Popen[bytes]") -> int:
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) // 1024 if found else 0


def ask(address: str) -> tuple[float, int]:
    """Milliseconds, and bytes."""
    began = time.perf_counter()
    with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310 - loopback
        size = len(answer.read())
    return 1000 * (time.perf_counter() - began), size


def measure() -> Iterator[dict[str, Any]]:
    with TemporaryDirectory() as folder:
        make_public(Path(folder))
        of = {"installations": INSTALLATIONS, "weeks": WEEKS}
        yield {"name": "dashboard.database", "value": (Path(folder) / "public.db").stat().st_size, "unit": "B", **of}
        with closing(sqlite3.connect(Path(folder) / "public.db")) as public:
            weeks = [row[0] for row in public.execute("select week_start from weekly_installations order by 1 desc")]
        names = plugins()
        with served(Path(folder), "dashboard", "public") as (address, process):
            for kind, page in PAGES.items():
                cold, size, seen = [], 0, set()
                for n in range(ROUNDS):
                    path = page.format(
                        week=weeks[n],
                        earlier=weeks[n + 1],
                        plugin=names[n],
                        series=f"3.{5 + n % 14}",
                        part=f"{names[n][-4:]}",
                        n=n,
                    )
                    if path not in seen:
                        seen.add(path)
                        took, size = ask(address + path)
                        cold.append(took)
                warm = [ask(address + path)[0] for _ in range(ROUNDS)]
                for name, found in (("cold", cold), ("warm", warm)):
                    yield {
                        "name": f"dashboard.{name}", "value": round(median(found), 1), "unit": "ms", "page": kind,
                        "p95": round(quantiles([*found, *found], n=20)[-1], 1), "bytes": size,
                    }  # fmt: skip
            yield {"name": "dashboard.peak", "value": peak_megabytes(process), "unit": "MB", **of}


def main() -> None:
    for figure in measure():
        print(json.dumps(figure), flush=True)  # noqa: T201 - the output of a benchmark


if __name__ == "__main__":
    main()
