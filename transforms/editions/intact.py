"""Whether editions.db has all that was published, as it was."""

import sqlite3
from contextlib import closing
from pathlib import Path

from checksums import DamagedFileError, unusable
from transforms.editions.edition import Edition, Header, digest_of_all
from transforms.editions.mark import Mark, read_mark, write_mark
from transforms.editions.store import HEADERS, read_tables


def require_intact(path: Path) -> None:
    """Raise DamagedFileError unless editions.db, if it is there, has all that was published, as it was.

    Raise UnreadableFileError if that cannot be told.
    """
    mark = read_mark(path)
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(path)) as connection:  # not read-only: a commit that was cut off is taken back
            headers = connection.execute(HEADERS).fetchall()
            latest = {week_start: revision for week_start, revision, *_ in headers}
            for *header, sha256, edition_id in headers:
                edition = Edition(Header(*header), read_tables(connection, edition_id))
                is_lost = not edition.tables and edition.header.revision < latest[edition.header.week_start]
                if edition.sha256 != sha256 and not is_lost:
                    raise DamagedFileError(f"{path} is damaged: week {header[0]} is not as it was published.")
    except sqlite3.DatabaseError as error:
        raise unusable(path, error, "") from None
    except (ValueError, TypeError) as error:
        raise DamagedFileError(f"{path} is damaged ({error}).") from None
    digests = [row[-2] for row in headers]
    if mark and digest_of_all(digests[: mark.count]) != mark.digest:
        raise DamagedFileError(f"{path} does not have the {mark.count} editions that {path.stem}.mark tells of.")
    if digests and (not mark or mark.count < len(digests)):  # a run was cut off between the two
        write_mark(path, Mark(len(digests), digest_of_all(digests)))
