"""How fast a community is simulated: a million uploads.  Run it as `python -m benchmarks.simulation`."""

import json
import time
from collections.abc import Iterator
from typing import Any

from simulation.community import Community

INSTALLATIONS, WEEKS, SEED = 44_000, 25, 1


def measure(installations: int = INSTALLATIONS, weeks: int = WEEKS) -> Iterator[dict[str, Any]]:
    """Yield the figures of writing a community's lines, each with its name and unit."""
    began, began_busy = time.perf_counter(), time.process_time()
    uploads = size = 0
    for line in Community(installations, weeks, SEED).lines():
        uploads += 1
        size += len(line)
    seconds, busy = time.perf_counter() - began, time.process_time() - began_busy
    of = {"installations": installations, "weeks": weeks, "uploads": uploads}
    yield {"name": "simulation.seconds", "value": round(seconds, 2), "unit": "s", **of}
    yield {"name": "simulation.processor_seconds", "value": round(busy, 2), "unit": "s", **of}
    yield {"name": "simulation.speed", "value": round(uploads / seconds), "unit": "uploads/s", **of}
    yield {"name": "simulation.size", "value": round(size / uploads), "unit": "B/upload", **of}


def main() -> None:
    """Print one JSON object a line."""
    for figure in measure():
        print(json.dumps(figure))  # noqa: T201  (the output of a benchmark)


if __name__ == "__main__":
    main()
