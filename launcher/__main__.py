"""`make run`: receiver, periodic refresh, dashboard and explorer in the foreground, stopped together.

No part takes another down: one that ends is started again.  Only a receiver that refuses its first start ends it all.
"""

import contextlib
import os
import signal
import sqlite3
import sys
import time
from contextlib import closing
from types import FrameType
from typing import TextIO

from files import open_read_only
from launcher.parts import Part, Repeated, Server, Trouble, stop_together
from settings import SettingError, Settings

_POLL_SECONDS = 0.1
_GREETING_SECONDS = 60.0  # after which the addresses are printed, even if a part has neither answered nor ended
_NICE, _NICEST = 5, 10  # an upload goes before a page, and a page before what nobody waits for
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


class StopRequests:
    """Whether somebody has asked to stop.

    A signal only leaves a note: an exception could come between the start of a part and the line that remembers it.
    """

    def __init__(self) -> None:
        self.is_asked = False
        for number in _STOP_SIGNALS:
            if number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN:
                continue  # `nohup make run` outlives its terminal
            signal.signal(number, self._note)

    def _note(self, _: int, __: FrameType | None) -> None:
        self.is_asked = True


def main() -> int:
    """Return the exit status: 0 stopped on request, 1 a wrong setting or a receiver that refuses its first start."""
    try:
        settings = Settings.from_environment()
    except SettingError as error:
        _say_wrong(str(error))
        return 1
    requests = StopRequests()
    receiver = Server("receiver", ("receiver", "serve"), settings.host, settings.receiver_port)
    others = [
        Server("dashboard", ("dashboard", "public"), settings.host, settings.dashboard_port, _NICE),
        Server("explorer", ("dashboard", "explorer"), "127.0.0.1", settings.explorer_port, _NICEST),
    ]
    refresh = Repeated("refresh", ("transforms", "refresh", "--quiet", "--archive"), settings.refresh_seconds, _NICEST)
    if trouble := _first_trouble(receiver, requests):
        _say_wrong(f"{trouble.what}. Nothing else was started.")
        return 1
    parts: list[Part] = [receiver, *others, refresh]
    _run(settings, requests, parts, others)
    _say("Stopping ...")
    for part in stop_together(parts):
        _say_wrong(f"the {part.name} did not stop in time and was killed.")
    return 0


def _first_trouble(receiver: Server, requests: StopRequests) -> Trouble | None:
    """Start the receiver, which makes the log that the others read; return why not, or None once it answers."""
    while not (requests.is_asked or receiver.answers()):
        if trouble := receiver.tend(time.monotonic()):
            return trouble
        time.sleep(_POLL_SECONDS)
    return None


def _run(settings: Settings, requests: StopRequests, parts: list[Part], others: list[Server]) -> None:
    """Tend every part, in turn, until a stop is asked; print the addresses once they can be visited."""
    is_greeted, greet_at = False, time.monotonic() + _GREETING_SECONDS
    while not requests.is_asked:
        for part in parts:
            if trouble := part.tend(time.monotonic()):
                _say_wrong(f"{trouble}.")
        if not is_greeted:
            is_settled = all(part.failures or part.answers() for part in others)
            is_greeted = is_settled or time.monotonic() >= greet_at
            if is_greeted:
                _say(_greeting(settings))
        time.sleep(_POLL_SECONDS)


def _say(text: str) -> None:
    _write(sys.stdout, text)


def _say_wrong(text: str) -> None:
    _write(sys.stderr, f"make run: {text}")


def _write(stream: TextIO, text: str) -> None:
    """Write past Python's buffers: where nobody reads any more, the parts are stopped all the same, and it exits 0."""
    with contextlib.suppress(OSError):
        os.write(stream.fileno(), f"{text}\n".encode(errors="backslashreplace"))


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

  curl -H 'Content-Type: application/json' -d @docs/example-report.json {receiver}

or stop this and fill the log with a simulated community: make demo
"""
    return greeting


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _is_log_empty(settings: Settings) -> bool:
    try:
        with closing(open_read_only(settings.log)) as log:
            return log.execute("select 1 from uploads limit 1").fetchone() is None
    except sqlite3.Error:  # the receiver says what is wrong with it
        return False


if __name__ == "__main__":
    sys.exit(main())
