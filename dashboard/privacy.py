"""`/privacy`: PRIVACY.md as it stands; Markdown is made to be read as text, and browsers show text."""

from pathlib import Path
from typing import Any

from datasette import Response  # type: ignore[import-untyped]  # Datasette ships no types

_PRIVACY = Path(__file__).parents[1] / "PRIVACY.md"


async def privacy() -> Any:
    return Response.text(_PRIVACY.read_text(encoding="utf-8"))
