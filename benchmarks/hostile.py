"""What hostile readers do to everyone else: `python -m benchmarks.hostile`.

Six of them at once, each asking the same again and again, while one honest reader opens pages; with open SQL as
Datasette would have it, and as this dashboard is.  Prints one JSON object a line.
"""

import json
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from benchmarks.dashboard import make_public, peak_megabytes, served
from dashboard import servers
from settings import Settings

AT_ONCE = 6
SECONDS = 6.0
RECURSIVE = "with recursive c(n) as (select 1 union all select n + 1 from c) select count(*) from c"
BLOB = "select length(hex(zeroblob(200000000)))"
JOIN = "select count(*) from weekly_plugin_versions a, weekly_plugin_versions b"
FACETS = "&".join(f"_facet={name}" for name in ("week_start", "plugin", "version", "installations", "n", "share"))
ATTACKS = {
    "nobody": "",
    "recursive CTE": f"/public.json?sql={quote(RECURSIVE)}",
    "big blobs": f"/public.json?sql={quote(BLOB)}",
    "cross join": f"/public.json?sql={quote(JOIN)}",
    "many facets": f"/public/weekly_plugin_versions.json?{FACETS}",
    "deep filters": "/public/weekly_plugin_versions.json?version__contains=a&plugin__contains=o&_sort=version",
    "slow readers of the largest CSV": "/public/weekly_plugin_versions.csv",
}
HONEST = ["/", "/public/plugin_ranking", "/plugin/katello", "/public/plugin_ranking.svg", "/search?q=a"]


def ask(address: str, *, slowly: bool = False) -> None:
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 - loopback
            while answer.read(4096 if slowly else 1 << 20):
                if slowly:
                    time.sleep(0.05)
    except (urllib.error.URLError, OSError):
        return


@contextmanager
def attacked(address: str, path: str) -> Iterator[None]:
    """Each request is a little different, so that no answer was kept."""
    is_over = threading.Event()

    def attack(number: int) -> None:
        count = 0
        while not is_over.is_set():
            count += 1
            part = f"{'&' if '?' in path else '?'}_size={number * 100 + count % 90 + 1}"
            ask(address + path + ("" if ".csv" in path else part), slowly=".csv" in path)

    threads = [threading.Thread(target=attack, args=(number,), daemon=True) for number in range(AT_ONCE)]
    for thread in threads if path else []:
        thread.start()
    try:
        yield
    finally:
        is_over.set()


def times_of_honest(address: str) -> list[float]:
    """Milliseconds of each page while it lasts; half of them are pages that nobody has asked for yet."""
    found: list[float] = []
    end = time.perf_counter() + SECONDS
    while time.perf_counter() < end or len(found) < 2:
        began = time.perf_counter()
        path = HONEST[len(found) // 2 % len(HONEST)] if len(found) % 2 else f"/search?q={len(found)}"
        ask(address + path)
        found.append(1000 * (time.perf_counter() - began))
    return found


def measure(serve: Callable[..., Any]) -> Iterator[dict[str, Any]]:
    with TemporaryDirectory() as folder:
        make_public(Path(folder))
        for sql in ("open", "off"):
            for name, path in ATTACKS.items():
                if path and sql == "open" and "sql=" not in path:
                    continue
                with serve(Path(folder), sql == "open") as (address, process):
                    ask(f"{address}/")
                    with attacked(address, path):
                        found = times_of_honest(address)
                    yield {
                        "name": "hostile.p95", "value": round(quantiles(found, n=20)[-1]), "unit": "ms", "attack": name,
                        "sql": sql, "pages": len(found), "peak_megabytes": peak_megabytes(process),
                    }  # fmt: skip


@contextmanager
def with_sql(folder: Path, is_open: bool) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    with served(folder, "benchmarks.hostile" if is_open else "dashboard", "public") as found:
        yield found


def serve_with_open_sql() -> None:
    """The dashboard with the one switch turned."""
    settings = Settings.from_environment()
    site = servers.public_app(settings)
    site._metadata_local["databases"]["public"]["allow_sql"] = True  # noqa: SLF001 - what metadata.yml would say
    servers.serve(site, settings.host, settings.dashboard_port, "POPCON_DASHBOARD_PORT")


def main() -> None:
    if sys.argv[1:] == ["public"]:
        serve_with_open_sql()
        return
    for figure in measure(with_sql):
        print(json.dumps(figure), flush=True)  # noqa: T201 - the output of a benchmark


if __name__ == "__main__":
    main()
