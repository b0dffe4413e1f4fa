"""Finding things by name: the one that an address names, and those that a search finds."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from datasette import Response  # type: ignore[import-untyped]  # Datasette ships no types

from dashboard.questions.things import Kind, Thing, like, that_contain
from dashboard.site import Dashboard

LONGEST = 64  # characters of a name that is looked for


async def asked_thing(datasette: Dashboard, request: Any) -> tuple[Kind, str, Thing | None]:
    """Kind and name as the address has them, and the thing, if it was ever shown."""
    kind = datasette.kinds[request.url_vars["kind"]]
    name = unquote(request.url_vars["name"], errors="replace")
    return kind, name, (await datasette.things(kind)).get(name)


async def not_shown(datasette: Dashboard, request: Any, kind: Kind, name: str) -> Any:
    """404, with the names that may have been meant."""
    close = like(name, await datasette.things(kind))
    context = {"kind": kind, "name": name, "close": close}
    return Response.html(await datasette.render_template("site/not_shown.html", context, request=request), status=404)


async def search_page(datasette: Dashboard, request: Any) -> Any:
    wanted = (request.args.get("q") or "").strip()[:LONGEST]
    found: Mapping[str, list[Thing]] = {
        kind.name: that_contain(wanted, await datasette.things(kind)) for kind in datasette.kinds.values()
    }
    queries = [query for query in datasette.queries.values() if wanted and wanted.casefold() in query.title.casefold()]
    context = {
        "wanted": wanted,
        "found": {name: things for name, things in found.items() if things},
        "found_queries": queries,
        "established": datasette.contents.established_in(None),
    }
    return Response.html(await datasette.render_template("site/search.html", context, request=request))
