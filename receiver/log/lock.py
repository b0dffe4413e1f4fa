"""The lock that keeps a second writer out of the log."""

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from files import locked


class LogInUseError(RuntimeError):
    """Another process writes to this log; the message says which."""


@contextmanager
def writer_lock(folder: Path, purpose: str) -> Iterator[None]:
    """Be the only process that writes to the log in `folder`.

    SQLite 3.7.0 to 3.51.2 can lose committed transactions when two connections write or checkpoint at once
    (sqlite.org, "WAL-reset bug"), so durability depends on this lock.  The kernel releases it with the process.
    """
    with contextlib.ExitStack() as held:
        try:
            lock = held.enter_context(locked(folder / "receiver.log.lock", is_waiting=False))
        except BlockingIOError as error:
            holder = error.strerror or "another process"
            raise LogInUseError(f"The log in {folder} is in use by {holder}. Stop that first.") from None
        with contextlib.suppress(OSError):  # on a full disk the lock works all the same, without a name
            os.pwrite(lock, f"process {os.getpid()} ({purpose})".ljust(60).encode(), 0)
        yield
        with contextlib.suppress(OSError):
            os.pwrite(lock, b" " * 60, 0)
