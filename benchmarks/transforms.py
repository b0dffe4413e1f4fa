"""The transforms: rebuild, refresh, memory and bytes, and DuckDB on the same uploads in the same run.

`POPCON_BENCH_INSTALLATIONS` (4,400) over `POPCON_BENCH_WEEKS` (25) make about 23 uploads each in 25 weeks.  The bars
are for a million uploads (44,000 over 25) and ten times as many (62,500 over 250); memory's is for a million
installations.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from receiver.log.log import Log
from receiver.log.transfer import import_lines
from settings import Settings
from simulation.community import Community

FIRST_UPLOADS, NEW_UPLOADS = 100, 10_000

_REFRESH = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from settings import Settings
from transforms.pipeline import refresh

refresh(Settings.from_environment(), datetime.fromordinal(int(sys.argv[1])).replace(tzinfo=UTC), bool(sys.argv[2]))
print(next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")).split()[1])
"""
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
    installations = int(os.environ.get("POPCON_BENCH_INSTALLATIONS", "4400"))
    weeks = int(os.environ.get("POPCON_BENCH_WEEKS", "25"))
    with TemporaryDirectory(prefix="popcon-bench-", dir=os.environ.get("POPCON_BENCH_FOLDER")) as folder:
        for name, value, unit in measure(Path(folder), Community(installations, weeks, seed=1)):
            figure = {"name": f"transforms, {installations} over {weeks} weeks: {name}", "value": value, "unit": unit}
            print(json.dumps(figure), flush=True)  # noqa: T201  (the output of a benchmark)


def measure(folder: Path, community: Community) -> Iterator[tuple[str, float, str]]:
    """Yield name, value and unit of each figure."""
    lines, first, later = (folder / f"{name}.ndjson" for name in ("uploads", "first", "later"))
    with lines.open("wb") as file:
        file.writelines(community.lines())
    end = community.first_day + 7 * community.weeks
    with first.open("wb") as some, later.open("wb") as others:
        for number, line in enumerate(_next_week(lines, end)):
            (some if number < FIRST_UPLOADS else others).write(line)
    settings = Settings.from_environment({"POPCON_DATA": str(folder)})
    yield "uploads", _import(settings, lines), ""
    yield "rebuild", (rebuild := _refresh(folder, end, rebuild=True))[0], "s"
    yield "rebuild, processor", rebuild[1], "s"
    yield "rebuild, memory at most", rebuild[2], "MB"
    for name, path in (("log.db", settings.log), ("views.db", settings.views), ("public.db", settings.public)):
        yield name, path.stat().st_size, "bytes"
    other, other_processor = _duckdb(lines)
    yield "DuckDB", other, "s"
    yield "DuckDB, processor", other_processor, "s"
    yield "rebuild / DuckDB", round(rebuild[0] / other, 2), "times"
    _import(settings, first)
    yield f"refresh with the first {FIRST_UPLOADS} of a week, which ends the one before", _refresh(folder, end)[0], "s"
    yield "refresh, uploads of the week under way", _import(settings, later), ""
    refresh = _refresh(folder, end)
    yield "refresh", refresh[0], "s"
    yield "rebuild / refresh", round(rebuild[0] / refresh[0], 1), "times"
    closing_week = _refresh(folder, end + 7)
    yield "refresh that closes this week", closing_week[0], "s"
    yield "refresh that closes a week, memory at most", closing_week[2], "MB"


def _next_week(lines: Path, end: int) -> Iterator[bytes]:
    """Yield the first uploads of the last week as if of the week after: each installation says what it said."""
    days = {_day(end - 7 + day): _day(end + day) for day in range(7)}
    with lines.open("rb") as file:
        of_last_week = (line for line in file if line[16:26] in days)
        yield from (
            line[:16] + days[line[16:26]] + line[26:] for line in islice(of_last_week, FIRST_UPLOADS + NEW_UPLOADS)
        )


def _day(ordinal: int) -> bytes:
    return date.fromordinal(ordinal).isoformat().encode()


def _import(settings: Settings, lines: Path) -> int:
    with closing(Log(settings.log)) as log, lines.open("rb") as file:
        return import_lines(log, file, tell=print).appended


def _refresh(folder: Path, day: int, *, rebuild: bool = False) -> tuple[float, float, float]:
    """Return seconds, processor seconds and MB of a refresh on that day, in a process of its own."""
    environment = {**os.environ, "POPCON_DATA": str(folder)}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    arguments = [str(day), "rebuild" if rebuild else ""]
    run = subprocess.run([sys.executable, "-c", _REFRESH, *arguments], env=environment, check=True, capture_output=True)  # noqa: S603 - our own
    seconds = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return round(seconds, 2), round(processor, 2), round(int(run.stdout) / 1024)


def _duckdb(lines: Path) -> tuple[float, float]:
    """Return seconds and processor seconds: two threads, in memory."""
    started, processor = time.perf_counter(), time.process_time()
    with closing(duckdb.connect(":memory:", config={"threads": 2})) as connection:
        connection.execute("set enable_progress_bar = false")
        connection.execute(_READ, [str(lines)])
        for statement in _COUNT.split(";")[:-1]:
            connection.execute(statement)
    return round(time.perf_counter() - started, 2), round(time.process_time() - processor, 2)
