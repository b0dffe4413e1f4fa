"""editions.db made ready for a run: created, made from what an older version published, or taken back if it is lost."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from checksums import DamagedFileError
from files import open_read_only
from settings import Settings
from transforms.editions import store, upgrade
from transforms.editions.edition import Edition, Header, Table, digest_of_all
from transforms.editions.intact import require_intact
from transforms.editions.mark import mark_path, read_mark
from transforms.editions.publisher import last_due
from transforms.editions.store import Editions
from transforms.editions.tabling import read_weekly
from transforms.intact_files import is_noted

_COLUMNS = [field.name for field in fields(Header)]
_TYPES = {field.name: field.type for field in fields(Header)} | {"edition_id": int, "sha256": str}
_LISTED = f"select {', '.join(_COLUMNS)}, sha256 from editions order by edition_id"  # noqa: S608 - names of ours
_NOTHING_IS_PUBLISHED = (
    "Nothing is published: neither public.db nor the archive has all that was published before. Restore editions.db "
    "and editions.mark from the backup. Without one, `make refresh REPUBLISH=yes` publishes every week again that the "
    "log still has. Whoever has the old figures can then tell from the differences what those installations run that "
    "were erased or excluded since."
)
_AGAIN = "published again, because what was published before was lost"
_COUNTED = "select distinct week_start from true_counts"

Listed = tuple[Header, str]  # with SHA-256


@dataclass(frozen=True)
class Readiness:
    """How editions.db is found, or made."""

    blocked: str = ""  # why nothing may be published
    told: str = ""  # what the operator should know
    reason: str = ""  # that the weeks are published a second time, if they are


def make_ready(settings: Settings, now: datetime, *, is_thorough: bool) -> Readiness:
    """Make editions.db ready for a run.

    A damaged or lost file is taken back from public.db and the archive, if their hashes are right.  Unless
    `is_thorough`, one that has not been written to since the last run is taken to be intact if nothing is due.  Raise
    UnreadableFileError, OSError or sqlite3.Error; what was there is then as it was.
    """
    path = settings.editions
    try:
        if not is_thorough and _is_as_before(settings, now):
            return Readiness()
        require_intact(path)
        if path.exists():
            return _newer(settings, Editions(path).digests, now)
        trouble = f"{path} is gone."
    except DamagedFileError as error:
        trouble = str(error)
    mark = read_mark(path)
    counted = _counted_weeks(settings)
    lists = [
        listed
        for listed in _lists(settings)
        if (not mark or digest_of_all(sha256 for _, sha256 in listed) == mark.digest)
        and counted <= {header.week_start for header, _ in listed}
    ]
    if not (lists or counted or path.exists() or (mark and mark.count)):
        store.create(path, upgrade.editions_of_before(settings, f"{now:%Y-%m-%d}"))
        return Readiness()
    contents = {edition.sha256: edition for edition in _contents(settings)}
    found = next((editions for listed in lists if (editions := _together(listed, contents))), [])
    if not (found or settings.may_republish):
        return Readiness(blocked=f"{trouble} {_NOTHING_IS_PUBLISHED}")
    _put_aside(settings, now)
    if found:
        store.create(path, found)
        return Readiness(told=f"{trouble} All {len(found)} editions were taken back from what is public.")
    mark_path(path).unlink(missing_ok=True)
    if settings.exports.exists():
        settings.exports.rename(settings.exports.with_name(f"exports-before-{now:%Y%m%dT%H%M%S}"))
    store.create(path, [])
    return Readiness(told=f"{trouble} The weeks that the log still has are published again.", reason=_AGAIN)


def _is_as_before(settings: Settings, now: datetime) -> bool:
    """Return whether editions.db is the file that the last run has seen, and nothing is to be added to it."""
    path = settings.editions
    if not (path.exists() and is_noted(settings, path)) or path.with_name(f"{path.name}-journal").exists():
        return False
    weeks = Editions(path).weeks
    return bool(weeks) and weeks[-1] >= last_due(settings, now)


def _newer(settings: Settings, digests: list[str], now: datetime) -> Readiness:
    """Take back what public.db or the archive has beyond an editions.db that comes from an older backup."""
    for listed in _lists(settings):
        if len(listed) > len(digests) and [sha256 for _, sha256 in listed[: len(digests)]] == digests:
            contents = {edition.sha256: edition for edition in (*_contents(settings), *_stored(settings.editions))}
            if editions := _together(listed, contents):
                _put_aside(settings, now)
                store.create(settings.editions, editions)
                more = len(listed) - len(digests)
                return Readiness(told=f"{settings.editions} was older than what is public; {more} were taken back.")
    return Readiness()


def _put_aside(settings: Settings, now: datetime) -> None:
    if settings.editions.exists():
        settings.editions.rename(settings.editions.with_name(f"editions-damaged-{now:%Y%m%dT%H%M%S}.db"))


def _stored(path: Path) -> Iterator[Edition]:
    editions = Editions(path)
    yield from (Edition(one.header, editions.tables_of(one.edition_id)) for one in editions.stored)


def _counted_weeks(settings: Settings) -> set[str]:
    """Return the weeks of which history.db has what they had counted: they were published."""
    try:
        with closing(open_read_only(settings.history)) as connection:
            return {week for (week,) in connection.execute(_COUNTED)}
    except sqlite3.DatabaseError:
        return set()  # none, or of an older version


def _lists(settings: Settings) -> Iterator[list[Listed]]:
    """Yield what public.db and the archive say was published, in order; nothing of a file that cannot be read."""
    try:
        with closing(open_read_only(settings.public)) as connection:
            if rows := connection.execute(_LISTED).fetchall():
                yield [(Header(*row[:-1]), row[-1]) for row in rows]
    except sqlite3.DatabaseError:
        pass  # the archive may do
    packages = sorted(_packages(settings), key=lambda package: int(package["edition_id"]))
    if packages and [package["edition_id"] for package in packages] == list(range(1, len(packages) + 1)):
        yield [(_header(package), package["sha256"]) for package in packages]


def _contents(settings: Settings) -> Iterator[Edition]:
    """Yield every edition that public.db or the archive has the rows of; who uses them checks their hashes."""
    try:
        with closing(open_read_only(settings.public)) as connection:
            latest = {row[0]: Header(*row[:-1]) for row in connection.execute(_LISTED)}
            yield from (Edition(header, read_weekly(connection, week)) for week, header in latest.items())
    except sqlite3.DatabaseError:
        pass  # the archive may do
    for package in _packages(settings):
        header = _header(package)
        try:
            yield Edition(header, dict(_archived(settings.exports / header.name)))
        except (OSError, ValueError, LookupError, AttributeError, TypeError):
            continue  # damaged


def _packages(settings: Settings) -> Iterator[Mapping[str, Any]]:
    """Yield what each folder of the archive says of its edition."""
    for path in settings.exports.glob("[0-9]*/datapackage.json"):  # not drafts, nor `latest`
        try:
            edition = orjson.loads(path.read_bytes())["edition"]
            if all(type(edition[name]) is type_ for name, type_ in _TYPES.items()):
                yield edition
        except (OSError, ValueError, KeyError, TypeError):
            continue  # damaged


def _header(package: Mapping[str, Any]) -> Header:
    return Header(*(package[column] for column in _COLUMNS))


def _archived(folder: Path) -> Iterator[tuple[str, Table]]:
    for path in sorted(folder.glob("*.json")):
        if path.stem not in ("datapackage", "editions"):  # what the folder holds, and of which edition
            rows = orjson.loads(path.read_bytes())
            yield path.stem, Table(tuple(rows[0]), tuple(tuple(row.values()) for row in rows))


def _together(listed: list[Listed], contents: Mapping[str, Edition]) -> list[Edition]:
    """Return every edition of the list; none if rows are missing of any but a revision that another one replaced."""
    latest = {header.week_start: header.revision for header, _ in listed}
    editions = []
    for header, sha256 in listed:
        if sha256 in contents:
            editions.append(contents[sha256])
        elif header.revision < latest[header.week_start]:
            editions.append(Edition(header, {}, sha256))
        else:
            return []
    return editions
