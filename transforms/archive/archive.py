"""The archive under the public folder: a folder for every edition, written once, and `latest`."""

from collections.abc import Iterator
from pathlib import Path

from checksums import DamagedFileError
from files import locked, readable_by_anyone
from settings import Settings
from transforms.archive.folders import remove_drafts
from transforms.archive.latest import is_current, write_latest
from transforms.archive.weeks import folder_of, write_week
from transforms.editions.edition import digest_of_all
from transforms.editions.mark import read_mark
from transforms.editions.store import Editions
from transforms.room import full_disk_in_words, require_room, size_of

_BYTES_AN_EDITIONS_BYTE = 8  # all files together, or less: seven on the disk, in a simulated community


class NothingPublishedError(RuntimeError):
    """There is no public database yet."""


def write_archive(settings: Settings) -> Iterator[Path]:
    """Write every edition that is not archived yet, and the database if it has changed; yield each folder.

    Raise NothingPublishedError, DamagedFileError, NoRoomError, OSError or sqlite3.Error.
    """
    if not settings.public.exists():
        raise NothingPublishedError(f"{settings.public} does not exist yet. `make refresh` creates it.")
    with locked(settings.data / "exports.lock"):
        editions = _editions(settings)
        if not editions.stored:
            return
        with readable_by_anyone():
            settings.exports.mkdir(parents=True, exist_ok=True)
        remove_drafts(settings.exports)
        due = [one for one in editions.stored if not folder_of(settings, one.header).exists()]
        with full_disk_in_words(settings.exports):
            if due:
                share = len(due) / len(editions.stored)
                _require_room(settings, int(_BYTES_AN_EDITIONS_BYTE * size_of(settings.editions) * share))
            for stored in due:
                yield write_week(settings, editions, stored)
            if not is_current(settings):
                _require_room(settings, 2 * size_of(settings.public))
                yield write_latest(settings, editions)


def _editions(settings: Settings) -> Editions:
    """Return every edition.  Raise DamagedFileError if there were more."""
    editions, mark = Editions(settings.editions), read_mark(settings.editions)
    if mark and digest_of_all(editions.digests[: mark.count]) != mark.digest:
        raise DamagedFileError(
            f"{settings.editions} does not have all that was published. `make refresh` takes it back from public.db or "
            "the archive, or says what to do."
        )
    return editions


def _require_room(settings: Settings, needed: int) -> None:
    require_room(settings.exports, needed, "The archive")
