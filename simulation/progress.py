"""A progress bar for people: one line on standard error that is drawn over, and nothing where no one looks."""

from collections.abc import Callable
from typing import TextIO

WIDTH = 30


class Progress:
    """Draws at most ten times a second.  `clock` gives seconds and only ever grows."""

    def __init__(self, stream: TextIO, clock: Callable[[], float]) -> None:
        self._stream, self._clock = stream, clock
        self._is_seen = stream.isatty()
        self._next = 0.0

    def show(self, fraction: float, text: str) -> None:
        """Draw the bar, filled to `fraction` from 0 to 1, with a few words behind it."""
        if self._is_seen and self._clock() >= self._next:
            self._next = self._clock() + 0.1
            self._draw(fraction, text)

    def close(self, text: str) -> None:
        """Leave the full bar and go to the next line."""
        if self._is_seen:
            self._draw(1.0, text)
            self._stream.write("\n")

    def _draw(self, fraction: float, text: str) -> None:
        filled = int(WIDTH * min(1.0, max(0.0, fraction)))
        self._stream.write(f"\r[{'#' * filled}{'.' * (WIDTH - filled)}] {text}\x1b[K")
        self._stream.flush()
