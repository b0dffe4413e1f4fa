"""Programs that a plain machine may lack."""

import os
import shutil

import pytest


def need_program(name: str) -> str:
    """Return the path of `name`; without it skip the test, or fail it under POPCON_REQUIRE_ALL=1."""
    path = shutil.which(name)
    if path is None:
        lack(f"{name} is not installed")
    return str(path)


def lack(reason: str) -> None:
    """Skip the test that needs what this machine cannot give, or fail it under POPCON_REQUIRE_ALL=1."""
    if os.environ.get("POPCON_REQUIRE_ALL") == "1":
        pytest.fail(f"{reason}, and POPCON_REQUIRE_ALL=1 wants every test run")
    pytest.skip(reason)
