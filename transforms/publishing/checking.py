"""The check before the swap: what must be true of a public database before anybody may see it."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from files import attach_read_only, open_read_only

# Every whole number is taken for a count of installations, empty or at least k, but for those that count none.
_NOT_COUNTS = {
    "is_one": "a constant",
    "is_clock_in_doubt": "yes or no",
    "min_group": "a setting",
    "established_weeks": "a setting",
    "active_weeks": "a setting",
    "days_behind": "days of the release calendar",
    "days_since_release": "days of the release calendar",
    "first_days": "days of the release calendar",
    "days_to_half": "days",
    "is_in_calendar": "yes or no",
    "id": "drawn at random",
    "upload_id": "drawn at random",
}
_FREE_TEXT = frozenset({("weekly_set_aside", "reason"), ("proxies", "features")})
_SAFE = re.compile(r"[A-Za-z0-9_.:+~ -]{1,64}|\((?:other|unknown)\)")
_SAFE_SORT_KEY = re.compile(r"[A-Za-z0-9_.:+~! ()-]*")
_WORD = re.compile(r"[0-9A-Za-z-]{16,}")


class NotPublishedError(RuntimeError):
    """The new public database must not be seen; the message says what is wrong with it.  The old one stays."""


def check(draft: Path, views: Path, min_group: int) -> None:
    """Raise NotPublishedError if `draft` would tell what it must not; `views` knows every uuid."""
    connection = open_read_only(draft)
    attach_read_only(connection, views, "views")
    try:
        faults = list(_faults(connection, min_group))
    finally:
        connection.close()
    if faults:
        raise NotPublishedError(
            f"Not published; the old figures stay: {'; '.join(faults)}. Run `make rebuild-views`; if it says the same, "
            "please report this."
        )


def tables(connection: sqlite3.Connection) -> list[str]:
    """Return the names of the tables in the main database of `connection`, in the order of their definition."""
    return [name for (name,) in connection.execute("select name from main.sqlite_master where type = 'table'")]


def _faults(connection: sqlite3.Connection, min_group: int) -> Iterator[str]:
    texts: set[str] = set()
    for table in tables(connection):
        for column, type_ in connection.execute("select name, type from pragma_table_info(?)", (table,)).fetchall():
            if type_ == "INTEGER" and column not in _NOT_COUNTS:
                yield from _small(connection, table, column, min_group)
            if type_ == "TEXT":
                values = connection.execute(f"select distinct {column} from {table} where {column} is not null")  # noqa: S608
                distinct = {value for (value,) in values}
                texts |= distinct
                yield from _unsafe(table, column, distinct)
    yield from _uuids(connection, texts)
    if connection.execute("pragma main.freelist_count").fetchone()[0]:
        yield "the file has free pages, which may contain deleted data"
    if (verdict := connection.execute("pragma main.integrity_check").fetchone()[0]) != "ok":
        yield f"the file is damaged ({verdict})"


def _small(connection: sqlite3.Connection, table: str, column: str, min_group: int) -> Iterator[str]:
    small = connection.execute(f"select count(*) from {table} where {column} < ?", (min_group,))  # noqa: S608 - our names
    if rows := small.fetchone()[0]:
        yield f"{rows} rows of {table} have {column} below {min_group}"


def _unsafe(table: str, column: str, values: set[str]) -> Iterator[str]:
    if (table, column) in _FREE_TEXT:
        return
    safe = _SAFE_SORT_KEY if column == "sort_key" else _SAFE
    if unsafe := sum(not safe.fullmatch(value) for value in values):
        yield f"{unsafe} values of {table}.{column} contain unsafe characters"


def _uuids(connection: sqlite3.Connection, texts: set[str]) -> Iterator[str]:
    """Look for the uuid of any installation, within any text too.  The message must not repeat it."""
    lengths = [row[0] for row in connection.execute("select distinct length(uuid) from views.installations")]
    words = {word for text in texts for word in _WORD.findall(text)}
    parts = {
        word[start : start + length] for word in words for length in lengths for start in range(len(word) - length + 1)
    }
    find = "select count(*) from views.installations where uuid = ?"
    if found := sum(connection.execute(find, (part,)).fetchone()[0] for part in parts):
        yield f"{found} uuids of installations are in the texts"
