"""The archive of published weeks: folders that are written once, each with a list of its files and their hashes.

Only what a week's `datapackage.json` lists is opened, as a plain file of that very folder, through no link.
"""

import json
import os
import re
import stat
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

PACKAGE = "datapackage.json"
LATEST, DATABASE = "latest", "public.db.gz"  # the whole database, replaced each week
PIECE_BYTES = 256 * 1024
_PACKAGE_BYTES_MAX = 4 << 20
_WEEK = re.compile(r"(?P<week>\d{4}-\d{2}-\d{2})(?:\.r(?P<revision>[1-9]\d{0,3}))?", re.ASCII)
_FILE = re.compile(r"[A-Za-z0-9_]+\.(?:csv|json|parquet)", re.ASCII)
_HASH = re.compile(r"sha256:([0-9a-f]{64})", re.ASCII)


class NotArchivedError(LookupError):
    """There is no such week or file, or none that may be served."""


@dataclass(frozen=True)
class ArchivedFile:
    """`sha256`: in hexadecimal digits, as the list says it."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, order=True)
class ArchivedWeek:
    """`revision` is 1 for the first edition, whose folder has no suffix."""

    week: str
    revision: int

    @property
    def name(self) -> str:
        return self.week if self.revision == 1 else f"{self.week}.r{self.revision}"

    @classmethod
    def named(cls, name: str) -> "ArchivedWeek":
        """Raise NotArchivedError."""
        found = _WEEK.fullmatch(name)
        if found is None:
            raise NotArchivedError(name)
        return cls(found["week"], int(found["revision"] or 1))


class Archive:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def weeks(self) -> list[ArchivedWeek]:
        """The latest first."""
        found = []
        with suppress(FileNotFoundError), os.scandir(self.folder) as entries:
            for entry in entries:
                with suppress(NotArchivedError):
                    week = ArchivedWeek.named(entry.name)
                    if entry.is_dir(follow_symlinks=False):
                        found.append(week)
        return sorted(found, reverse=True)

    def has_database(self) -> bool:
        try:
            os.close(self.open(LATEST, DATABASE))
        except NotArchivedError:
            return False
        return True

    def files(self, name: str) -> dict[str, ArchivedFile]:
        """Of a week, by name, with the list itself.  Raise NotArchivedError."""
        descriptor = self.open(ArchivedWeek.named(name).name, PACKAGE)
        with os.fdopen(descriptor, "rb") as file:
            content = file.read(_PACKAGE_BYTES_MAX + 1)
        found = _listed(content)
        found.append(ArchivedFile(PACKAGE, sha256(content).hexdigest(), len(content)))
        return {file.name: file for file in found}

    def open(self, *names: str) -> int:
        """Return a descriptor of a plain file below the archive.  Raise NotArchivedError."""
        *folders, last = names
        try:
            folder = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError:
            raise NotArchivedError(last) from None
        try:
            for name in folders:
                inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
                os.close(folder)
                folder = inner
            # Without O_NONBLOCK a pipe would be waited for.
            file = os.open(last, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
        except OSError:
            raise NotArchivedError(last) from None
        finally:
            os.close(folder)
        if not stat.S_ISREG(os.fstat(file).st_mode):
            os.close(file)
            raise NotArchivedError(last)
        return file


def hash_of(descriptor: int) -> str:
    digest, offset = sha256(), 0
    while piece := os.pread(descriptor, PIECE_BYTES, offset):
        digest.update(piece)
        offset += len(piece)
    return digest.hexdigest()


def _listed(content: bytes) -> list[ArchivedFile]:
    """Of a list as `make exports` writes it; what is in no such form is left out."""
    try:
        package = json.loads(content)
        resources = list(package["resources"])
    except (ValueError, LookupError, TypeError, RecursionError):
        raise NotArchivedError(PACKAGE) from None
    found = []
    for resource in resources:
        with suppress(LookupError, TypeError):
            path, digest, size = resource["path"], _HASH.fullmatch(resource["hash"]), resource["bytes"]
            if digest is not None and _FILE.fullmatch(path) and isinstance(size, int):
                found.append(ArchivedFile(path, digest[1], size))
    return found
