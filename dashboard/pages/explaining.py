"""The pages that are no query and no table: one for each thing, and those that explain."""

from typing import Any

from datasette import Response  # type: ignore[import-untyped]  # Datasette ships no types
from markupsafe import Markup

from dashboard.pages.front import latest_figure
from dashboard.pages.lookup import asked_thing, not_shown
from dashboard.pages.markdown import html_of
from dashboard.site import HERE, Dashboard

PRIVACY = HERE.parent / "PRIVACY.md"


async def thing_page(datasette: Dashboard, request: Any) -> Any:
    kind, name, thing = await asked_thing(datasette, request)
    if thing is None:
        return await not_shown(datasette, request, kind, name)
    established = datasette.contents.established_in(thing.last_week)
    results = [await datasette.run(query, {kind.name: name}) for query in kind.charts]
    history = results[0].found
    context = {
        "kind": kind,
        "thing": thing,
        "established": established,
        "share": dict(zip(history.columns, history.rows[0], strict=True)),
        "history": latest_figure(results[0].query, history),
        "of_kind": sum(1 for other in (await datasette.things(kind)).values() if other.rank),
        "results": results,
        "here": f"{request.scheme}://{request.host}",
    }
    return Response.html(await datasette.render_template("site/thing.html", context, request=request))


async def method_page(datasette: Dashboard, request: Any) -> Any:
    """How the figures come about, with the latest week as the worked example."""
    kind = datasette.kinds["plugin"]
    found = await datasette.rows_of(kind.list)
    named = [dict(zip(found.columns, row, strict=True)) for row in found.rows if not row[0].startswith("(")]
    context = {
        "kind": kind,
        "example": named[0] if named else None,
        "established": datasette.contents.established_in(None),
    }
    return Response.html(await datasette.render_template("site/method.html", context, request=request))


async def quality_page(datasette: Dashboard, request: Any) -> Any:
    context = {name: await datasette.rows_of(name) for name in ("active", "set_aside")}
    return Response.html(await datasette.render_template("site/quality.html", context, request=request))


async def take_part_page(datasette: Dashboard, request: Any) -> Any:
    return Response.html(await datasette.render_template("site/take_part.html", request=request))


async def privacy_page(datasette: Dashboard, request: Any) -> Any:
    """The project's own file, in the frame of the site."""
    context = {"words": Markup(html_of(PRIVACY.read_text(encoding="utf-8")))}  # noqa: S704 - the project's own words
    return Response.html(await datasette.render_template("site/privacy.html", context, request=request))


async def privacy_as_text(datasette: Dashboard, request: Any) -> Any:  # noqa: ARG001 - as Datasette calls it
    return Response.text(PRIVACY.read_text(encoding="utf-8"))
