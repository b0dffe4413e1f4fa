"""The receiver with one thing changed, to compare with: `python -m benchmarks.variants unstored|single`."""

import sys

from starlette.responses import Response

from receiver import limits, serving
from receiver.http.uploads import Uploads
from receiver.log.lock import writer_lock
from receiver.reports.report import Report
from settings import Settings
from trusted_time import read_clocks


class Unstored(Uploads):
    """Takes a report as the receiver does, and answers without keeping it."""

    async def store(self, report: Report, network_tag: bytes | None) -> Response:  # noqa: ARG002 - as the receiver's
        return Response(status_code=204)


def main() -> int:
    if sys.argv[1] == "unstored":
        setattr(serving, "Uploads", Unstored)  # noqa: B010 - what a benchmark changes is no part of the module
    elif sys.argv[1] == "single":
        limits.BATCH_UPLOADS_MAX = 1  # one commit an upload
    settings = Settings.from_environment()
    settings.data.mkdir(parents=True, exist_ok=True)
    with writer_lock(settings.data, "benchmark"):
        return serving.serve(settings, read_clocks)


if __name__ == "__main__":
    sys.exit(main())
