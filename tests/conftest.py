"""What holds for every test."""

from hypothesis import settings

from tests.campaign import IS_FULL

settings.register_profile("short", derandomize=True, database=None)  # when it fails, it fails by the change, and again
settings.register_profile("full", print_blob=True)
settings.load_profile("full" if IS_FULL else "short")
