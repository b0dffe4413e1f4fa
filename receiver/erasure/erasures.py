"""Which installations were erased, to refuse late reports: an HMAC of the uuid under a key outside the database.

Without the key nobody can tell from the log whether a uuid was ever erased.
"""

import errno
import hashlib
import hmac
import secrets
from collections.abc import Callable
from pathlib import Path

from files import replace_durably
from receiver.log.log import Log
from receiver.refusals import DiskFull

KEY_NAME = "erasures.key"
_KEY_BYTES = 32


class ErasureKeyError(RuntimeError):
    """The key does not match the erasures in the log; the message says what to do."""


class Erasures:
    """Every erasure of the log, in memory.  Used from the event loop, or from a command that has no loop."""

    def __init__(self, log: Log, folder: Path, draw_key: Callable[[int], bytes] = secrets.token_bytes) -> None:
        """Read the key, or draw one if nothing was erased yet.  Raise ErasureKeyError, sqlite3.Error or OSError."""
        with log.reading() as connection:
            self._erased: set[bytes] = {row[0] for row in connection.execute("select uuid_hmac from erasures")}
            checks = {row[0] for row in connection.execute("select distinct key_check from erasures")}
        self._being_erased: set[bytes] = set()
        self._path = folder / KEY_NAME
        self._key, self._is_saved = _key_in(self._path, draw_key, may_draw=not checks)
        try:
            self._save_key()
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):  # on a full disk it is saved before the first erasure
                raise
        self.key_check = hmac.digest(self._key, b"", hashlib.sha256)[:8]
        if checks - {self.key_check}:
            raise ErasureKeyError(_message(self._path, "is not the one"))

    def hmac_of(self, uuid: str) -> bytes:
        return hmac.digest(self._key, uuid.encode(), hashlib.sha256)

    def __contains__(self, uuid: str) -> bool:
        """Whether this installation was erased."""
        return self.hmac_of(uuid) in self._erased

    def refuses(self, uuid: str) -> bool:
        """Whether no upload of it is accepted: it was erased, or is being erased."""
        if not (self._erased or self._being_erased):
            return False
        uuid_hmac = self.hmac_of(uuid)
        return uuid_hmac in self._erased or uuid_hmac in self._being_erased

    def begin(self, uuid: str) -> None:
        """Accept none of its uploads from now on, so that none can arrive after the erasure.

        Raise DiskFull where the key cannot be saved: without it, the erasure would be forgotten.
        """
        try:
            self._save_key()
        except OSError:
            raise DiskFull("No space is left for an erasure.", "", "Send this request again later.") from None
        self._being_erased.add(self.hmac_of(uuid))

    def end(self, uuid: str, *, is_erased: bool) -> None:
        uuid_hmac = self.hmac_of(uuid)
        self._being_erased.discard(uuid_hmac)
        if is_erased:
            self._erased.add(uuid_hmac)

    def _save_key(self) -> None:
        """Raise OSError."""
        if not self._is_saved:
            replace_durably(self._path, self._key)
            self._is_saved = True


def _key_in(path: Path, draw_key: Callable[[int], bytes], *, may_draw: bool) -> tuple[bytes, bool]:
    """Return the key, and whether it is the one on file."""
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        key = b""
    if len(key) == _KEY_BYTES:
        return key, True
    if not may_draw:
        raise ErasureKeyError(_message(path, "is gone"))
    return draw_key(_KEY_BYTES), False


def _message(path: Path, what: str) -> str:
    return (
        f"{path} {what} under which erasures were recorded: erased installations would be accepted again. "
        "Restore that file from a backup."
    )
