"""The network tag: shows that uploads of one week came from one network, and nothing more.

It is an HMAC under a salt of the week.  Two days after the week has closed the salt is destroyed, and from then on
nobody can tell which network a tag belongs to, not even with a list of all networks.  Until then the salt is in a file
of its own, so that a restart does not give a network a second tag.  A backup must not include the folder.
"""

import contextlib
import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from files import open_itself, write_durably
from weeks import monday

SALTS_FOLDER = "network-salts"
_TAG_BYTES = 8
_SALT_BYTES = 32
_LIFETIME = timedelta(days=7 + 2)  # from the Monday of the week


class NetworkTags:
    """The salts in `folder`, one file a week, named by its Monday and readable by the receiver's user only."""

    def __init__(self, folder: Path, draw_salt: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self._folder = folder
        self._draw_salt = draw_salt
        self._week: date | None = None
        self._salt = b""

    def tag(self, network: bytes | None, now: datetime) -> bytes | None:
        """Return the tag of `network` in the week of `now`, None where there is no network."""
        if network is None:
            return None
        week = monday(now.date())
        if week != self._week:
            self._week, self._salt = week, self._salt_of(week)
        return hmac.digest(self._salt, network, hashlib.sha256)[:_TAG_BYTES]

    def destroy_old(self, now: datetime) -> None:
        """Overwrite and remove every salt whose week closed two days ago.  Call it at start and every hour.

        Raise OSError.
        """
        for path in self._folder.glob("[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]"):
            if now.date() >= date.fromisoformat(path.name) + _LIFETIME:
                with open(open_itself(path, os.O_RDWR), "r+b") as file:  # noqa: PTH123 - in place, over the salt's bytes
                    file.write(bytes(_SALT_BYTES))
                    file.flush()
                    os.fsync(file.fileno())
                path.unlink()

    def _salt_of(self, week: date) -> bytes:
        """Return the salt on file, or draw one.  One that cannot be saved (a full disk) is used all the same."""
        path = self._folder / week.isoformat()
        with contextlib.suppress(OSError):
            if len(salt := path.read_bytes()) == _SALT_BYTES:
                return salt
        salt = self._draw_salt(_SALT_BYTES)
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            write_durably(path, salt, mode=0o600)
        return salt
