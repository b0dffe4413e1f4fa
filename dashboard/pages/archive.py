"""`/archive/`: every week that was published, and its files."""

import asyncio
from dataclasses import dataclass
from typing import Any

from datasette import Response  # type: ignore[import-untyped]  # Datasette ships no types
from datasette.views.base import DatasetteError  # type: ignore[import-untyped]  # Datasette ships no types

from dashboard.files.archive import PACKAGE, ArchivedFile, ArchivedWeek, NotArchivedError
from dashboard.site import Dashboard
from dashboard.snapshot.contents import Edition


@dataclass(frozen=True)
class _Row:
    """`published`: None where the database does not know the week; `is_latest`: of the revisions of its week."""

    of: ArchivedWeek
    published: Edition | None
    has_files: bool
    is_latest: bool


async def archive_page(datasette: Dashboard, request: Any) -> Any:
    archived = await asyncio.to_thread(datasette.archive.weeks)
    published = _published(datasette)
    every = sorted({*archived, *published}, reverse=True)
    newest = {
        week: max(one.revision for one in published if one.week == week) for week in {one.week for one in published}
    }
    rows = [_Row(one, published.get(one), one in archived, newest.get(one.week) == one.revision) for one in every]
    context = {
        "rows": rows,
        "is_empty": not archived,
        "has_database": await asyncio.to_thread(datasette.archive.has_database),
    }
    return Response.html(await datasette.render_template("site/archive.html", context, request=request))


async def archived_week_page(datasette: Dashboard, request: Any) -> Any:
    name = request.url_vars["name"]
    try:
        files = await asyncio.to_thread(datasette.archive.files, name)
    except NotArchivedError:
        # Not Datasette's NotFound, which would lead to the address without the slash, and that one back here.
        raise DatasetteError("The archive has no such week.", title="Not in the archive", status=404) from None
    week = ArchivedWeek.named(name)
    tables: dict[str, list[ArchivedFile]] = {}
    for file in sorted(files.values(), key=lambda file: file.name):
        tables.setdefault(file.name.partition(".")[0] if file.name != PACKAGE else "", []).append(file)
    context = {
        "week": week,
        "published": _published(datasette).get(week),
        "package": tables.pop("")[0],
        "tables": tables,
        "titles": {table: datasette.titles.get(table, table) for table in tables},
    }
    return Response.html(await datasette.render_template("site/archived_week.html", context, request=request))


async def to_folder(datasette: Dashboard, request: Any) -> Any:  # noqa: ARG001 - as Datasette calls it
    """The address of a folder ends with a slash, so that links in it are short."""
    return Response.redirect(f"{request.path}/")


def _published(datasette: Dashboard) -> dict[ArchivedWeek, Edition]:
    return {ArchivedWeek(each.week, each.revision): each for each in datasette.contents.editions}
