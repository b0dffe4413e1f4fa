"""The receiver with its durability broken, to see that the harness notices: `python -m tests.faults.sabotage HOW`.

`sound` breaks nothing.  All of them checkpoint often, so that a short run has a cut in every stage.
"""

import sys
import time

from receiver import limits, serving
from receiver.log.appender import Appender
from receiver.log.lock import writer_lock
from receiver.log.log import Log, Receipt
from settings import Settings
from trusted_time import read_clocks


class EarlyAppender(Appender):
    """Acknowledges before it commits."""

    def _commit(self, batch) -> None:  # type: ignore[no-untyped-def]
        now = self._clock().strftime("%Y-%m-%dT%H:%M:%SZ")
        received_at = max(now, self._log.last_received_at)
        receipts = [
            Receipt(seq, waiting.report.body_sha256.hex(), received_at)
            for seq, waiting in enumerate(batch, start=self._log.last_seq + 1)
        ]
        batch[0].durable.get_loop().call_soon_threadsafe(self._settle, batch, receipts)
        time.sleep(0.003)
        self._log.append([(waiting.report, waiting.network_tag) for waiting in batch], now)


def _weaken(synchronous: str) -> None:
    require_durable = Log._require_durable  # noqa: SLF001 - sabotage

    def weakened(log: Log, path) -> None:  # type: ignore[no-untyped-def]
        require_durable(log, path)
        weaker = {"normal": "pragma synchronous = normal", "off": "pragma synchronous = off"}[synchronous]
        log._connection.execute(weaker)  # noqa: SLF001 - sabotage

    setattr(Log, "_require_durable", weakened)  # noqa: B010 - mypy takes no assignment to a method


def main(how: str) -> int:
    limits.CHECKPOINT_BYTES, limits.CHECKPOINT_BYTES_BUSY = 60_000, 120_000
    if how in ("normal", "off"):
        _weaken(how)
    elif how == "early":
        setattr(serving, "Appender", EarlyAppender)  # noqa: B010 - what sabotage changes is no part of the module
    settings = Settings.from_environment()
    settings.data.mkdir(parents=True, exist_ok=True)
    with writer_lock(settings.data, "sabotage"):
        return serving.serve(settings, read_clocks)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
