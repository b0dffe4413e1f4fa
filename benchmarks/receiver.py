"""How fast the receiver takes uploads, each figure next to the one it is to be compared with in the same run.

POPCON_BENCH_ROWS (10,000,000) is the size of the full log, POPCON_BENCH_SECONDS (3) the length of each measurement.
"""

import json
import os
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import orjson

from benchmarks.load import Load, pace, request, saturate
from receiver.reports import strict_json
from receiver.reports.report import read_report

_ROOT = Path(__file__).parents[1]
_EXAMPLE = (_ROOT / "docs" / "example-report.json").read_text()
_CONNECTIONS = 128
_ROUNDS = 3
_PAIRS = 7
_FILL = """
with recursive numbers (seq) as (select 1 union all select seq + 1 from numbers where seq < :rows)
insert into uploads (seq, received_at, uuid, body, body_sha256, configuration)
select seq, '2026-01-05T00:00:00Z', :uuid, :body, :body_sha256, :configuration
from numbers
"""


def main() -> None:
    """Print every figure as a JSON object on a line."""
    rows = int(os.environ.get("POPCON_BENCH_ROWS", "10000000"))
    seconds = float(os.environ.get("POPCON_BENCH_SECONDS", "3"))
    _measure_parsing()
    with tempfile.TemporaryDirectory(prefix="popcon-bench-", dir=os.environ.get("POPCON_BENCH_FOLDER")) as folder:
        _measure_throughput(Path(folder), seconds)
        _measure_full_log(Path(folder), rows, seconds)


def _measure_parsing() -> None:
    """Compare the receiver's reading of JSON with orjson alone and with the standard library's parser with hooks."""
    raw = _EXAMPLE.encode()
    for name, parse in (
        ("orjson alone, not strict", orjson.loads),
        ("standard library with hooks", lambda text: json.loads(text, object_pairs_hook=dict)),
        ("receiver's strict parse", strict_json.parse),
        ("receiver's whole reading", read_report),
    ):
        _tell(f"parse: {name}", _microseconds(parse, raw), "us", body_bytes=len(raw))


def _measure_throughput(folder: Path, seconds: float) -> None:
    requests = _requests()
    loads: dict[str, list[Load]] = {"unstored": [], "receiver": [], "single": []}
    with ExitStack() as stack:
        addresses = {name: stack.enter_context(_running(name, folder / name)) for name in loads}
        for _ in range(_ROUNDS):
            for name, address in addresses.items():
                loads[name].append(saturate(address, requests, _CONNECTIONS, seconds))
        rates = {name: statistics.median(load.per_second for load in each) for name, each in loads.items()}
        half = rates["receiver"] / 2
        paced: dict[str, list[float]] = {"unstored": [], "receiver": []}
        for _ in range(_PAIRS):
            for name, p99s in paced.items():
                p99s.append(pace(addresses[name], requests, _CONNECTIONS, seconds, half).percentile(0.99))
    for name, what in (
        ("unstored", "same application without storage"),
        ("receiver", "receiver"),
        ("single", "receiver with one commit an upload"),
    ):
        share = max(load.cpu_share for load in loads[name])
        _tell(f"uploads a second: {what}", rates[name], "1/s", load_generator_cpu=round(share, 2))
    _tell("throughput against no storage", rates["receiver"] / rates["unstored"], "ratio", wanted="at least 0.6")
    _tell("throughput against one commit each", rates["receiver"] / rates["single"], "ratio", wanted="at least 3")
    p99 = {name: statistics.median(each) for name, each in paced.items()}
    for name, value in p99.items():
        _tell(f"p99 at half the receiver's load: {name}", value * 1e3, "ms", uploads_a_second=round(half))
    ratios = [one / other for one, other in zip(paced["receiver"], paced["unstored"], strict=True)]
    pairs = [round(ratio, 2) for ratio in ratios]
    _tell("p99 against no storage", statistics.median(ratios), "ratio", pairs=pairs, wanted="at most 3")


def _measure_full_log(folder: Path, rows: int, seconds: float) -> None:
    requests = _requests()
    started = time.perf_counter()
    with _running("receiver", folder / "full"):
        pass  # makes the tables
    _fill(folder / "full", rows)
    _tell("filling the log by SQL", time.perf_counter() - started, "s", rows=rows)
    started = time.perf_counter()
    with _running("receiver", folder / "full") as full, _running("receiver", folder / "empty") as empty:
        _tell("start of both receivers, with the check of the tail", time.perf_counter() - started, "s", rows=rows)
        ratios = []
        for _ in range(_PAIRS):
            alone = saturate(empty, requests, _CONNECTIONS, seconds).per_second
            ratios.append(saturate(full, requests, _CONNECTIONS, seconds).per_second / alone)
    _tell(
        "throughput with a full log against an empty one",
        statistics.median(ratios),
        "ratio",
        rows=rows,
        pairs=[round(ratio, 2) for ratio in ratios],
        wanted="at least 0.85",
    )


def _fill(data: Path, rows: int) -> None:
    report = read_report(_EXAMPLE.encode())
    values = {"rows": rows, **vars(report)}
    with closing(sqlite3.connect(data / "log.db", isolation_level=None)) as connection:
        connection.execute("pragma synchronous = off")
        connection.execute("pragma journal_mode = off")  # without a second copy of everything in the WAL
        for (name,) in connection.execute("select name from sqlite_schema where type = 'trigger'").fetchall():
            connection.execute(f"drop trigger {name}")
        connection.execute(_FILL, values)
        connection.execute("pragma journal_mode = wal")


@contextmanager
def _running(variant: str, data: Path) -> Iterator[tuple[str, int]]:
    """Run the receiver, or a variant of it, and yield its address."""
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as two:
        port, metrics_port = one.getsockname()[1], two.getsockname()[1]
    module = ["receiver", "serve"] if variant == "receiver" else ["benchmarks.variants", variant]
    environment = {
        **os.environ,
        "POPCON_DATA": str(data),
        "POPCON_RECEIVER_PORT": str(port),
        "POPCON_METRICS_PORT": str(metrics_port),
    }
    process = subprocess.Popen([sys.executable, "-m", *module], cwd=_ROOT, env=environment)  # noqa: S603 - our own
    try:
        while not _answers(port):
            if process.poll() is not None:
                raise RuntimeError(f"{module} ended with status {process.returncode}")
            time.sleep(0.02)
        yield "127.0.0.1", port
    finally:
        process.terminate()
        process.wait()


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port)) as line:
            line.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
            return line.recv(100).startswith(b"HTTP/1.1 200 ")
    except OSError:
        return False


def _requests() -> Sequence[bytes]:
    content = json.loads(_EXAMPLE)
    return [request(json.dumps({**content, "uuid": f"{number:032d}"}).encode()) for number in range(5_000)]


def _microseconds(parse: Callable[[bytes], Any], raw: bytes) -> float:
    times = []
    for _ in range(5):
        started = time.perf_counter()
        for _ in range(2_000):
            parse(raw)
        times.append((time.perf_counter() - started) / 2_000 * 1e6)
    return min(times)


def _tell(name: str, value: float, unit: str, **further: Any) -> None:
    print(json.dumps({"name": name, "value": round(value, 3), "unit": unit, **further}), flush=True)  # noqa: T201 - the output


if __name__ == "__main__":
    main()
