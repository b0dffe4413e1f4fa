"""The lock that keeps a second writer out of the log."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class LogInUseError(RuntimeError):
    """Another process writes to this log; the message says which."""


@contextmanager
def writer_lock(folder: Path, purpose: str) -> Iterator[None]:
    """Be the only process that writes to the log in `folder`.

    SQLite 3.7.0 to 3.51.2 can lose committed transactions when two connections write or checkpoint at once
    (sqlite.org, "WAL-reset bug"), so durability depends on this lock.  The kernel releases it with the process.
    """
    path = folder / "receiver.log.lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with open(descriptor, "r+") as file:  # noqa: PTH123 - created if missing, never emptied, never appended to
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "another process"
            raise LogInUseError(f"The log in {folder} is in use by {holder}. Stop that first.") from None
        with contextlib.suppress(OSError):  # on a full disk the lock works all the same, without a name
            os.pwrite(file.fileno(), f"process {os.getpid()} ({purpose})".ljust(60).encode(), 0)
        yield
        with contextlib.suppress(OSError):
            os.pwrite(file.fileno(), b" " * 60, 0)
