"""The noise on every published count, drawn by the cell-key method of the statistical offices.

Each installation has a secret record key.  The sum of the record keys of a cell's members, with the week, the revision
and the name of the cell, decides its noise: a cell has one figure wherever it is shown, and nobody can draw again.
Without the name and the week, two cells with the same members would show the same figure, which tells that they have.

Sources: Fraser and Wooton, "A proposed method for confidentialising tabular output to protect against differencing"
(Australian Bureau of Statistics, 2005); Thompson, Broadfoot and Elazar, "Methodology for the automatic
confidentialisation of statistical outputs from remote servers at the ABS" (2013); Office for National Statistics,
"Protecting personal data in Census 2021 results" (cell key perturbation).
"""

import hashlib
import hmac
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate

BOUND = 5  # no figure is further from the true count
STANDARD_DEVIATION = 2

# How many of 2**32 draws give each noise from -5 to 5: of all tables with mean 0 and this standard deviation within the
# bound, the one with the largest entropy, which is the normal distribution's.
_WEIGHTS = (
    44160075, 127360749, 290280520, 522849468, 744238163,
    837189346,
    744238163, 522849468, 290280520, 127360749, 44160075,
)  # fmt: skip
_ENDS = tuple(accumulate(_WEIGHTS))[:-1]
_DRAW_BYTES = 4
_RECORD_KEY_BYTES = 4  # the sum over 2**31 installations fits into a signed number of 64 bits


def chances() -> dict[int, float]:
    """Return how likely each noise is: anybody may know it."""
    return {noise: weight / sum(_WEIGHTS) for noise, weight in zip(range(-BOUND, BOUND + 1), _WEIGHTS, strict=True)}


@dataclass(frozen=True, slots=True)
class Count:
    """How many installations are in a cell, and the sum of their record keys."""

    installations: int = 0
    record_keys: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.installations + other.installations, self.record_keys + other.record_keys)


class NoiseKey:
    """The secret that record keys and noise are drawn under."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    @property
    def digest(self) -> str:
        """Return what tells this key from another, and nothing else of it."""
        return self._mac("digest").hex()[:16]

    def record_key(self, uuid: str) -> int:
        """Return the record key of an installation: 32 bits."""
        return int.from_bytes(self._mac("record", uuid)[:_RECORD_KEY_BYTES], "big")

    def cell_id(self, cell: tuple[str, ...]) -> bytes:
        """Return 8 bytes that stand for a cell, and from which its name cannot be told without the key."""
        return self._mac("cell", *cell)[:8]

    def noise(self, week_start: str, revision: int, cell: tuple[str, ...], record_keys: int) -> int:
        """Return the noise of a cell that has members: a whole number from -BOUND to BOUND."""
        drawn = self._mac("noise", week_start, str(revision), *cell, str(record_keys))[:_DRAW_BYTES]
        return bisect_right(_ENDS, int.from_bytes(drawn, "big")) - BOUND

    def _mac(self, *texts: str) -> bytes:
        # U+0000 stands in no name: a report with one is refused
        return hmac.digest(self._secret, "\0".join(texts).encode("utf-8", "surrogatepass"), hashlib.sha256)
