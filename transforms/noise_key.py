"""The secret that the noise is drawn under: made once, and kept in the backup."""

import secrets
from pathlib import Path

from files import replace_durably
from transforms.weeks.noise import NoiseKey

_BYTES = 32


class NoiseKeyError(RuntimeError):
    """The file holds no key; the message says what to do."""


def read_or_make(path: Path) -> NoiseKey:
    """Return the key, a new one where there is none.  Raise NoiseKeyError or OSError."""
    if not path.exists():
        replace_durably(path, secrets.token_bytes(_BYTES))
    secret = path.read_bytes()
    if len(secret) != _BYTES:
        raise NoiseKeyError(
            f"{path} is damaged: it has {len(secret)} bytes, not {_BYTES}. Restore it from the backup. Without one, "
            "remove it: a new key is made, and weeks that are published already can no longer be revised."
        )
    return NoiseKey(secret)
