"""How long a campaign is, where its random numbers come from, and how it says what it saw."""

import os
import random
import sys
from typing import TypeVar

Length = TypeVar("Length")
IS_FULL = os.environ.get("POPCON_FAULTS") == "full"
_SEED = 2016  # of the short form: when `make test` fails, it fails by the change, and again


def length(short: Length, full: Length) -> Length:
    """Return how often to try, or what: for the short form of `make test`, or for `make test-faults`."""
    return full if IS_FULL else short


def seeded() -> tuple[random.Random, int]:
    """Return random numbers and their seed: new in the full form, or the one that POPCON_SEED repeats."""
    seed = int(os.environ.get("POPCON_SEED") or length(_SEED, random.SystemRandom().randrange(2**32)))
    return random.Random(seed), seed


def tell(**figures: object) -> None:
    """Print one line of what was tried and what was seen; pytest shows it with -s, or when the test fails."""
    print("  " + ", ".join(f"{name}={value}" for name, value in figures.items()), file=sys.stderr)
