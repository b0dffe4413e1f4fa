"""The receiver with one thing changed, to compare with: `python -m benchmarks.variants unstored|single`."""

import sys
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from receiver import limits, serving
from receiver.app import Reception
from receiver.body import read_body
from receiver.lock import writer_lock
from receiver.report import read_report
from settings import Settings


class Unstored(Reception):
    """Reads a report as the receiver does, and answers without keeping it."""

    async def take(self, request: Request) -> Response:
        read_report(await read_body(request))
        return Response(status_code=204)


def main() -> int:
    if sys.argv[1] == "unstored":
        serving.Reception = Unstored  # type: ignore[misc]
    elif sys.argv[1] == "single":
        limits.BATCH_UPLOADS_MAX = 1  # one commit an upload
    settings = Settings.from_environment()
    settings.data.mkdir(parents=True, exist_ok=True)
    with writer_lock(settings.data, "benchmark"):
        return serving.serve(settings, lambda: datetime.now(UTC))


if __name__ == "__main__":
    sys.exit(main())
