"""An edition as a folder of the archive."""

from dataclasses import asdict
from pathlib import Path

from checksums import DamagedFileError
from settings import Settings
from transforms.archive.files_of_tables import write_tables
from transforms.archive.folders import written_once
from transforms.archive.package import write_package
from transforms.editions.edition import Edition, Header, Table
from transforms.editions.store import Editions, Stored

LIST = "editions"  # the table that has the edition itself: the same row as in public.db, alone


def folder_of(settings: Settings, header: Header) -> Path:
    """Return where an edition is archived."""
    return settings.exports / header.name


def write_week(settings: Settings, editions: Editions, stored: Stored) -> Path:
    """Write the folder of an edition.  Raise DamagedFileError or OSError."""
    header, tables = stored.header, editions.tables_of(stored.edition_id)
    is_lost = False
    if Edition(header, tables).sha256 != stored.sha256:
        is_lost = not tables and header.revision < editions.headers[header.week_start].revision
        if not is_lost:
            raise DamagedFileError(
                f"{settings.editions} is damaged: week {header.name} is not as it was published. `make refresh` takes "
                "it back from public.db or the archive."
            )
    said = {"edition_id": stored.edition_id, **asdict(header), "sha256": stored.sha256}
    of_itself = Table(tuple(said), (tuple(said.values()),))
    with written_once(folder_of(settings, header)) as folder:
        resources = write_tables(folder, {LIST: of_itself, **tables})
        write_package(
            folder,
            header.name,
            _title(header),
            _description(header, has_rows=bool(tables), is_lost=is_lost),
            resources,
            created=f"{header.published_on}T00:00:00Z",
            edition=said,
        )
    return folder_of(settings, header)


def _title(header: Header) -> str:
    revision = f", revision {header.revision}" if header.revision > 1 else ""
    return f"Foreman popularity contest, week of {header.week_start}{revision}"


def _description(header: Header, *, has_rows: bool, is_lost: bool) -> str:
    if is_lost:
        return "The rows of this revision are lost; a later one has replaced it."
    if not has_rows:
        return "Too few installations counted in this week for any figure to be shown."
    noise = f"Every figure has noise of standard deviation {header.noise}" if header.noise else "The figures are exact"
    return (
        f"Weekly figures of groups of Foreman installations. {noise}; figures below {header.min_group} are not shown. "
        "This is the week as it was published. It never changes: a correction is a revision with a folder of its own."
    )
