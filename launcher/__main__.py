"""`make run`: receiver, periodic refresh, dashboard and explorer in the foreground, stopped together."""

import signal
import sys
import time
from contextlib import closing
from types import FrameType

from files import open_read_only
from launcher.parts import Part, answers, stop_together
from settings import SettingError, Settings

_POLL_SECONDS = 0.1


class StopRequest(BaseException):
    """SIGINT or SIGTERM arrived."""


class PartEndedError(RuntimeError):
    """A part ended by itself; the message says which."""


def main() -> int:
    """Return the exit status: 0 stopped on request, 1 because a part died or a setting is wrong."""
    try:
        settings = Settings.from_environment()
    except SettingError as error:
        print(f"make run: {error}", file=sys.stderr)
        return 1
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _request_stop)
    parts: list[Part] = []
    status = 0
    try:
        _run(settings, parts)
    except StopRequest:
        print("Stopping ...", flush=True)
    except PartEndedError as error:
        print(f"make run: {error}", file=sys.stderr)
        status = 1
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # one request is enough; stopping is under way
    for part in stop_together(parts):
        print(f"make run: {part.name} did not stop in time and was killed.", file=sys.stderr)
    return status


def _request_stop(_: int, __: FrameType | None) -> None:
    raise StopRequest


def _run(settings: Settings, parts: list[Part]) -> None:
    """Start the parts into `parts` and watch them until StopRequest or PartEndedError."""
    places = {
        "receiver": (settings.host, settings.receiver_port),
        "dashboard": (settings.host, settings.dashboard_port),
        "explorer": ("127.0.0.1", settings.explorer_port),
    }
    for name, (host, port) in places.items():
        if answers(host, port):
            variable = f"POPCON_{name.upper()}_PORT"
            raise PartEndedError(f"port {port} on {host} is in use; choose another for the {name} with {variable}=…")
    parts.append(Part.start("receiver", "receiver", "serve"))
    _wait_for(parts, *places["receiver"])  # it makes the log that the others read
    parts.append(Part.start("dashboard", "dashboard", "public"))
    parts.append(Part.start("explorer", "dashboard", "explorer"))
    for name in ("dashboard", "explorer"):
        _wait_for(parts, *places[name])
    print(_greeting(settings), flush=True)
    _refresh_for_ever(settings, parts)


def _refresh_for_ever(settings: Settings, parts: list[Part]) -> None:
    """Refresh every `refresh_seconds`.  A refresh that fails says so itself, and the next one tries again."""
    while True:
        refresh = Part.start("refresh", "transforms", "refresh", "--quiet")
        due = time.monotonic() + settings.refresh_seconds
        try:
            while not (refresh.has_ended() and time.monotonic() >= due):
                _watch(parts)
        finally:
            stop_together([refresh])


def _wait_for(parts: list[Part], host: str, port: int) -> None:
    while not answers(host, port):
        _watch(parts)


def _watch(parts: list[Part]) -> None:
    """Sleep for a moment; raise PartEndedError if a part is no longer there."""
    time.sleep(_POLL_SECONDS)
    for part in parts:
        if part.has_ended():
            raise PartEndedError(f"{part.name} ended with status {part.process.returncode}; stopping the rest")


def _greeting(settings: Settings) -> str:
    receiver = f"http://{_in_url(settings.host)}:{settings.receiver_port}/data"
    greeting = f"""
foreman-popcon is running; Ctrl-C stops it.

  receiver    {receiver}
  dashboard   http://{_in_url(settings.host)}:{settings.dashboard_port}/
  explorer    http://127.0.0.1:{settings.explorer_port}/  (every installation's latest upload; this machine only)
"""
    if _is_log_empty(settings):
        greeting += f"""
The log is empty. Send it the example report:

  curl -d @docs/example-report.json {receiver}

or stop this and fill the log with a simulated community: make demo
"""
    return greeting


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _is_log_empty(settings: Settings) -> bool:
    with closing(open_read_only(settings.log)) as log:
        return log.execute("select 1 from uploads limit 1").fetchone() is None


if __name__ == "__main__":
    sys.exit(main())
