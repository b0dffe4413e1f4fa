"""How long a campaign is, where its random numbers come from, and how it says what it saw."""

import os
import random
import sys


def length(short: int, full: int) -> int:
    """Return how often to try: the short form of `make test`, or that of `make test-faults`."""
    return full if os.environ.get("POPCON_FAULTS") == "full" else short


def seeded() -> tuple[random.Random, int]:
    """Return random numbers and their seed, which POPCON_SEED repeats."""
    seed = int(os.environ.get("POPCON_SEED") or random.SystemRandom().randrange(2**32))
    return random.Random(seed), seed


def tell(**figures: object) -> None:
    """Print one line of what was tried and what was seen; pytest shows it with -s, or when the test fails."""
    print("  " + ", ".join(f"{name}={value}" for name, value in figures.items()), file=sys.stderr)
