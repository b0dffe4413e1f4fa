"""What the receiver counts about itself, for `/metrics`.  No uuid and no address is ever a label."""

import platform
import sqlite3
import tomllib
from collections.abc import Callable
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info

from files import free_bytes

_PYPROJECT = Path(__file__).parents[1] / "pyproject.toml"
_COMMIT_SECONDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)
_BATCH_UPLOADS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


class Metrics:
    """The receiver's metrics, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._uploads = Counter("popcon_uploads", "Answers to requests.", ["result", "reason"], registry=self.registry)
        self._stored = self._uploads.labels("stored", "")
        self._own_records = Counter(
            "popcon_rights", "Installations shown or erased.", ["result"], registry=self.registry
        )
        self._purged = Counter("popcon_purged_uploads", "Uploads deleted by purges.", registry=self.registry)
        self._last_purge = Gauge(
            "popcon_last_purge_timestamp_seconds", "When the last purge was completed.", registry=self.registry
        )
        self._unnamed_proxies = Counter(
            "popcon_unnamed_proxy_requests",
            "Requests of a proxy on this machine that POPCON_TRUSTED_PROXIES does not name.",
            registry=self.registry,
        )
        self._failures = Counter(
            "popcon_maintenance_failures", "Times the hourly maintenance failed.", registry=self.registry
        )
        self._commit_seconds = Histogram(
            "popcon_commit_seconds", "Time from begin to durable.", buckets=_COMMIT_SECONDS, registry=self.registry
        )
        self._batch_uploads = Histogram(
            "popcon_batch_uploads", "Uploads in one commit.", buckets=_BATCH_UPLOADS, registry=self.registry
        )
        self._last_commit = Gauge(
            "popcon_last_commit_timestamp_seconds", "When the last commit was durable.", registry=self.registry
        )
        build = {"version": version(), "python": platform.python_version(), "sqlite": sqlite3.sqlite_version}
        Info("popcon_build", "What is running.", registry=self.registry).info(build)

    def watch(self, folder: Path, waiting: Callable[[], int], wal_bytes: Callable[[], int]) -> None:
        """Measure these whenever the metrics are read."""
        for name, what, measure in (
            ("popcon_queue_uploads", "Uploads waiting for their commit.", waiting),
            ("popcon_wal_bytes", "Size of the log's WAL.", wal_bytes),
            ("popcon_free_bytes", "Free bytes on the log's disk.", lambda: free_bytes(folder)),
        ):
            Gauge(name, what, registry=self.registry).set_function(measure)

    def watch_clock(self, drift_seconds: Callable[[], float]) -> None:
        """Measure this whenever the metrics are read."""
        name = "popcon_clock_drift_seconds"
        what = "How far the clock is ahead of the time that is trusted; 0 if it is not in doubt."
        Gauge(name, what, registry=self.registry).set_function(drift_seconds)

    def count_stored(self) -> None:
        self._stored.inc()

    def count_dry_run(self) -> None:
        self._uploads.labels("dry_run", "").inc()

    def count_own_record(self, result: str) -> None:
        """Count an answer to GET ("shown") or DELETE ("erased")."""
        self._own_records.labels(result).inc()

    def count_purged(self, uploads: int) -> None:
        self._purged.inc(uploads)

    def note_purge(self, at: float) -> None:
        self._last_purge.set(at)

    def count_unnamed_proxy(self) -> None:
        self._unnamed_proxies.inc()

    def count_maintenance_failure(self) -> None:
        self._failures.inc()

    def count_refused(self, reason: str) -> None:
        self._uploads.labels("refused", reason).inc()

    def count_commit(self, uploads: int, seconds: float, at: float) -> None:
        """Count a commit; `at` is in seconds since 1970."""
        self._batch_uploads.observe(uploads)
        self._commit_seconds.observe(seconds)
        self._last_commit.set(at)


def version() -> str:
    project = tomllib.loads(_PYPROJECT.read_text(encoding="utf-8"))["project"]
    return str(project["version"])
