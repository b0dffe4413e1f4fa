"""Who was erased, as far as it takes to drop what comes late: an HMAC of the uuid under a key outside the database.

Without the key nobody can tell from the log whether some uuid was ever erased.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from pathlib import Path

from files import replace_durably
from receiver.log.log import Log

NAME = "erasures.key"
_KEY_BYTES = 32


class ErasureKeyError(RuntimeError):
    """The key does not fit the erasures in the log; the message says what to do."""


class Erasures:
    """Every erasure of the log, in memory.  Used from the event loop, or from a command that has no loop."""

    def __init__(self, log: Log, folder: Path, draw_key: Callable[[int], bytes] = secrets.token_bytes) -> None:
        """Read the key, or draw it while nothing was erased yet.  Raise ErasureKeyError, sqlite3.Error or OSError."""
        with log.writing() as connection:
            self._erased: set[bytes] = {row[0] for row in connection.execute("select uuid_hmac from erasures")}
            checks = {row[0] for row in connection.execute("select distinct key_check from erasures")}
        self._leaving: set[bytes] = set()
        self._key = _key_in(folder / NAME, draw_key, may_draw=not checks)
        self.key_check = hmac.digest(self._key, b"", hashlib.sha256)[:8]
        if checks - {self.key_check}:
            raise ErasureKeyError(_said(folder / NAME, "is not the one"))

    def hmac_of(self, uuid: str) -> bytes:
        return hmac.digest(self._key, uuid.encode(), hashlib.sha256)

    def __contains__(self, uuid: str) -> bool:
        """Whether this installation was erased."""
        return self.hmac_of(uuid) in self._erased

    def refuses(self, uuid: str) -> bool:
        """Whether no upload of it may be taken: it was erased, or is on its way out."""
        if not (self._erased or self._leaving):
            return False
        uuid_hmac = self.hmac_of(uuid)
        return uuid_hmac in self._erased or uuid_hmac in self._leaving

    def begin(self, uuid: str) -> None:
        """From now on none of its uploads is taken, so that none can slip in behind the erasure."""
        self._leaving.add(self.hmac_of(uuid))

    def end(self, uuid: str, *, is_erased: bool) -> None:
        uuid_hmac = self.hmac_of(uuid)
        self._leaving.discard(uuid_hmac)
        if is_erased:
            self._erased.add(uuid_hmac)


def _key_in(path: Path, draw_key: Callable[[int], bytes], *, may_draw: bool) -> bytes:
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        key = b""
    if len(key) == _KEY_BYTES:
        return key
    if not may_draw:
        raise ErasureKeyError(_said(path, "is gone"))
    key = draw_key(_KEY_BYTES)
    replace_durably(path, key)
    return key


def _said(path: Path, what: str) -> str:
    return (
        f"{path} {what} under which erasures were recorded: whoever asked to be forgotten would be taken in again. "
        "Bring that file back from a backup."
    )
