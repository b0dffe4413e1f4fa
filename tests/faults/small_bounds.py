"""The receiver with bounds that a short test reaches: `python -m tests.faults.small_bounds`."""

import os
import sys
from datetime import timedelta

from connection import limits as bounds
from receiver import limits, serving
from receiver.log.lock import writer_lock
from settings import Settings
from trusted_time import Reading, read_clocks


def shifted(reading: Reading, behind: timedelta) -> Reading:
    return reading._replace(wall=reading.wall - behind)


def main() -> int:
    limits.WAL_BYTES_MAX = int(os.environ.get("WAL_BYTES_MAX", limits.WAL_BYTES_MAX))
    limits.CHECKPOINT_BYTES, limits.CHECKPOINT_BYTES_BUSY = 200_000, 400_000
    bounds.HEADER_SECONDS_MAX = int(os.environ.get("HEADER_SECONDS_MAX", bounds.HEADER_SECONDS_MAX))
    bounds.BODY_SECONDS_MAX = int(os.environ.get("BODY_SECONDS_MAX", bounds.BODY_SECONDS_MAX))
    limits.LOOKUP_UPLOADS_MAX = int(os.environ.get("LOOKUP_UPLOADS_MAX", limits.LOOKUP_UPLOADS_MAX))
    behind = timedelta(seconds=int(os.environ.get("SECONDS_BEHIND", "0")))
    settings = Settings.from_environment()
    settings.data.mkdir(parents=True, exist_ok=True)
    with writer_lock(settings.data, "test"):
        return serving.serve(settings, lambda: shifted(read_clocks(), behind))


if __name__ == "__main__":
    sys.exit(main())
