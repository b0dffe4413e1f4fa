"""The transforms: rebuild, refresh, memory and bytes, and DuckDB on the same uploads in the same run.

`POPCON_BENCH_UPLOADS` says how many uploads (default 100,000; the bars are for 1,000,000 and 10,000,000).
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from receiver.log import Log
from receiver.transfer import import_lines
from settings import Settings
from simulation.community import Community

WEEKS = 25
UPLOADS_PER_INSTALLATION = 22.8  # over so many weeks, on average
NEW_UPLOADS = 10_000

_READ = """
create table uploads as
select
    row_number() over () as seq, cast(date_trunc('week', received_at) as date) as week, body.uuid as uuid, body
from read_json(?, format = 'newline_delimited', columns = {
    received_at: 'TIMESTAMP', network_tag: 'VARCHAR',
    body: 'STRUCT(uuid VARCHAR, core_version VARCHAR, proxies STRUCT(version VARCHAR, features VARCHAR[])[],
        plugins STRUCT("name" VARCHAR, version VARCHAR)[], compute_resources VARCHAR[])'})
"""
# The contract's seven tables, from who is active and established at the end of each week.
_COUNT = """
create table weekly as select uuid, week, max(seq) as seq from uploads group by all;
create table placed as
select *, row_number() over by_week as place, lead(week) over by_week as next_week
from weekly window by_week as (partition by uuid order by week);
create table established as select uuid, week as since from placed where place = 2;
create table standing as
select p.week + 7 * o.range::integer as week, p.seq
from placed as p join established as e using (uuid), range(4) as o
where p.week + 7 * o.range::integer < coalesce(p.next_week, date '9999-01-01')
    and p.week + 7 * o.range::integer >= e.since and p.week + 7 * o.range::integer <= (select max(week) from weekly);
create table said as select seq, body from uploads where seq in (select seq from standing);
create table a as select week, count(*) from standing group by all;
create table b as select week, body.core_version, count(*) from standing join said using (seq) group by all;
create table plugins as select seq, unnest(body.plugins) as p from said;
create table c as select week, p.name, count(distinct seq) from standing join plugins using (seq) group by all;
create table d as
select week, p.name, p.version, count(distinct seq) from standing join plugins using (seq) group by all;
create table proxies as select seq, unnest(body.proxies) as p from said;
create table e as
select week, p.version, count(distinct seq), count(*) from standing join proxies using (seq) group by all;
create table features as select seq, unnest(p.features) as f from proxies;
create table f as select week, f, count(distinct seq), count(*) from standing join features using (seq) group by all;
create table resources as select seq, unnest(body.compute_resources) as r from said;
create table g as select week, r, count(distinct seq), count(*) from standing join resources using (seq) group by all;
"""


def main() -> None:
    """Print one JSON object a line."""
    wanted = int(os.environ.get("POPCON_BENCH_UPLOADS", "100000"))
    with TemporaryDirectory() as folder:
        for name, value, unit in measure(Path(folder), wanted):
            figure = {"name": f"transforms, {wanted} uploads: {name}", "value": value, "unit": unit}
            print(json.dumps(figure), flush=True)  # noqa: T201  (the output of a benchmark)


def measure(folder: Path, wanted: int) -> Iterator[tuple[str, float, str]]:
    lines = folder / "uploads.ndjson"
    uploads = Community(round(wanted / UPLOADS_PER_INSTALLATION), WEEKS, seed=1).lines()
    with lines.open("wb") as file:
        file.writelines(uploads)
    settings = Settings.from_environment({"POPCON_DATA": str(folder)})
    later = folder / "later.ndjson"
    later.write_bytes(b"".join(_next_week(lines)))
    _import(settings, lines)
    yield "rebuild", (rebuild := _run(folder, "rebuild"))[0], "s"
    yield "rebuild, processor", rebuild[1], "s"
    yield "rebuild, memory at most", rebuild[2], "MB"
    for name, path in (("log.db", settings.log), ("views.db", settings.views), ("public.db", settings.public)):
        yield name, path.stat().st_size, "bytes"
    other, other_processor = _duckdb(lines)
    yield "DuckDB", other, "s"
    yield "DuckDB, processor", other_processor, "s"
    yield "rebuild / DuckDB", round(rebuild[0] / other, 2), "times"
    _import(settings, later)
    refresh = _run(folder, "refresh")
    yield f"refresh of {NEW_UPLOADS}", refresh[0], "s"
    yield "rebuild / refresh", round(rebuild[0] / refresh[0], 1), "times"


def _next_week(lines: Path) -> Iterator[bytes]:
    """Yield the first uploads of the last week as if of the week after: each installation says what it said."""
    last = Community(1, WEEKS, seed=1).first_day + 7 * (WEEKS - 1)
    days = {_day(last + day): _day(last + day + 7) for day in range(7)}
    with lines.open("rb") as file:
        of_last_week = (line for line in file if line[16:26] in days)
        yield from (line[:16] + days[line[16:26]] + line[26:] for line in islice(of_last_week, NEW_UPLOADS))


def _day(ordinal: int) -> bytes:
    return time.strftime("%Y-%m-%d", time.gmtime((ordinal - 719_163) * 86_400)).encode()


def _import(settings: Settings, lines: Path) -> None:
    with closing(Log(settings.log)) as log, lines.open("rb") as file:
        import_lines(log, file, tell=print)


def _run(folder: Path, command: str) -> tuple[float, float, float]:
    """Return seconds, processor seconds and MB of a command of the transforms, started as an operator does."""
    environment = {**os.environ, "POPCON_DATA": str(folder)}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    script = (
        "import resource, sys; from transforms.__main__ import main; main();"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    run = subprocess.run([sys.executable, "-c", script, command], env=environment, check=True, capture_output=True)  # noqa: S603 - our own
    seconds = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return round(seconds, 2), round(processor, 2), round(int(run.stdout.split()[-1]) / 1024)


def _duckdb(lines: Path) -> tuple[float, float]:
    """Return seconds and processor seconds: two threads, in memory."""
    started, processor = time.perf_counter(), time.process_time()
    with closing(duckdb.connect(":memory:", config={"threads": 2})) as connection:
        connection.execute("set enable_progress_bar = false")
        connection.execute(_READ, [str(lines)])
        for statement in _COUNT.split(";")[:-1]:
            connection.execute(statement)
    return round(time.perf_counter() - started, 2), round(time.process_time() - processor, 2)
