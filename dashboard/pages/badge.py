"""`/badge/KIND/NAME.json`: what shields.io reads to draw a badge (its endpoint form, schema version 1)."""

from typing import Any

from datasette import Response  # type: ignore[import-untyped]  # Datasette ships no types
from datasette.utils import add_cors_headers  # type: ignore[import-untyped]  # Datasette ships no types

from dashboard.charts import share
from dashboard.pages.lookup import asked_thing
from dashboard.site import Dashboard

LABEL = "Foreman installations"
ACCENT, PALE = "0a5dc2", "lightgrey"
CACHE_SECONDS = 3600  # figures change once a week


async def badge(datasette: Dashboard, request: Any) -> Any:
    _, _, thing = await asked_thing(datasette, request)
    contents = datasette.contents
    if thing is None:
        return _answer("not known", PALE, status=404)
    if thing.rank is None:
        return _answer(f"below {contents.min_group}", PALE)
    established = contents.established_in(None)
    part = f" · {share(thing.installations, established)}" if established else ""
    return _answer(f"{thing.installations:,}{part}", ACCENT)


def _answer(message: str, colour: str, status: int = 200) -> Any:
    words = {"schemaVersion": 1, "label": LABEL, "message": message, "color": colour, "cacheSeconds": CACHE_SECONDS}
    headers: dict[str, str] = {}
    add_cors_headers(headers)
    return Response.json(words, status=status, headers=headers)
