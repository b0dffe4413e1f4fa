"""The facts the project was built from, which it does not carry; what is held against them skips without them."""

from pathlib import Path

import pytest

REFERENCE = Path(__file__).parents[2] / "shared" / "data"
needs_reference = pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference data ../shared is not here")
