"""What must be true of public tables before anybody may see them."""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from itertools import chain

from transforms.editions.edition import Header
from transforms.publishing.models import weekly_models
from transforms.weeks.noise import BOUND
from vocabulary.catalogue import Catalogue

_COLUMNS = """
select
    t.name,
    c.name,
    c.type
from main.sqlite_schema as t
inner join pragma_table_info(t.name) as c
where t.type = 'table'
"""
# Every whole number of a weekly table is a figure, empty or at least k, but for those that count no installations.
_NOT_COUNTS = {
    "days_behind": "days of the release calendar",
    "days_since_release": "days of the release calendar",
    "is_in_calendar": "yes or no",
}
_OF_ROWS = """
select name from plugins
union
select version from plugins
union
select core_version from uploads
union
select version from proxies
union
select features from proxies
union
select type from compute_resources
"""
_CROSSED = frozenset({"plugin_pairs", "plugin_series", "weekly_plugin_versions"})
_FREE_TEXT = frozenset({("weekly_set_aside", "reason"), ("editions", "reason"), ("proxies", "features")})
_SAFE = re.compile(r"[A-Za-z0-9_.:+~ -]{1,64}|\((?:other|unknown)\)")
_SAFE_SORT_KEY = re.compile(r"[A-Za-z0-9_.:+~! ()-]*")
_WORD = re.compile(r"[0-9A-Za-z-]{16,}")


class NotPublishedError(RuntimeError):
    """What would be published must not be seen; the message says what is wrong with it.  What is published stays."""


class Checker:
    """Looks at public tables: before they become an edition, which nothing takes back, and in a new public.db."""

    def __init__(self, views: sqlite3.Connection, catalogue: Catalogue) -> None:
        """`views` knows every uuid.  What the shipped catalogue has is none, even if somebody takes it for one."""
        self._views = views
        self._shipped = {name for names in catalogue.known.values() for _, name in names}
        self._shipped -= {name for _, name in catalogue.listed}
        self.has_uuid = cache(self._has_uuid)

    def check_week(self, tables: sqlite3.Connection, header: Header) -> None:
        """Raise NotPublishedError if the weekly tables of one week would tell what they must not."""
        texts = {header.reason}
        _refuse(chain(_faults(tables, {header.week_start: header}, texts), self._uuids(texts)))

    def check_database(self, public: sqlite3.Connection, headers: Mapping[str, Header]) -> None:
        """Raise NotPublishedError likewise for a whole database; `headers` are those of its weeks.

        Its weeks have been looked through for uuids before they were published: who chooses one now that stands in
        them for years must not stop all later ones.
        """
        texts = {text for (text,) in public.execute(_OF_ROWS)} if _has_rows(public) else set()
        _refuse(chain(_faults(public, headers, set()), self._uuids(texts), _faults_of_file(public)))

    @cached_property
    def _uuid_lengths(self) -> list[int]:
        return [row[0] for row in self._views.execute("select distinct length(uuid) from installations")]

    def _has_uuid(self, text: str) -> bool:
        """Return whether the uuid of an installation stands in a text, also within a word."""
        if text in self._shipped:
            return False
        find = "select 1 from installations where uuid = ?"
        parts = (
            word[start : start + length]
            for word in _WORD.findall(text)
            for length in self._uuid_lengths
            for start in range(len(word) - length + 1)
        )
        return any(self._views.execute(find, (part,)).fetchone() for part in parts)

    def _uuids(self, texts: set[str]) -> Iterator[str]:
        """Look for uuids in texts.  The message must not repeat one."""
        if found := sum(map(self.has_uuid, texts)):
            yield f"uuids of installations are in {found} of the texts"


def _has_rows(public: sqlite3.Connection) -> bool:
    return public.execute("select 1 from main.sqlite_schema where name = 'uploads'").fetchone() is not None


def _faults(connection: sqlite3.Connection, headers: Mapping[str, Header], texts: set[str]) -> Iterator[str]:
    """Yield what is wrong with figures and names, and add to `texts` what anybody may have chosen."""
    weekly = {model.table for model in weekly_models()}
    for table, column, type_ in connection.execute(_COLUMNS).fetchall():
        if type_ == "INTEGER" and table in weekly and column not in _NOT_COUNTS:
            yield from _small(connection, table, column, headers)
        if type_ == "TEXT":
            values = connection.execute(f"select distinct {column} from {table} where {column} is not null")  # noqa: S608
            distinct = {value for (value,) in values}
            if column != "sort_key":  # made of the names
                texts |= distinct
            yield from _unsafe(table, column, distinct)


def _refuse(faults: Iterable[str]) -> None:
    if listed := list(faults):
        raise NotPublishedError(
            f"Not published; the old figures stay: {'; '.join(listed)}. Run `make rebuild-views`; if it says the same, "
            "please report this."
        )


def _faults_of_file(connection: sqlite3.Connection) -> Iterator[str]:
    if connection.execute("pragma main.freelist_count").fetchone()[0]:
        yield "the file has free pages, which may contain deleted data"
    if (verdict := connection.execute("pragma main.integrity_check").fetchone()[0]) != "ok":
        yield f"the file is damaged ({verdict})"


def _small(connection: sqlite3.Connection, table: str, column: str, headers: Mapping[str, Header]) -> Iterator[str]:
    """Find figures below the k of their week, or of what goes together below what noise could make of nobody."""
    smallest = f"select week_start, min({column}) from {table} where {column} is not null group by week_start"  # noqa: S608 - our names
    for week_start, figure in connection.execute(smallest):
        header = headers[week_start]
        is_crossed = table in _CROSSED and column == "installations" and header.noise
        least = header.min_group + (BOUND if is_crossed else 0)
        if figure < least:
            yield f"{table} of week {week_start} has {column} below {least}"


def _unsafe(table: str, column: str, values: set[str]) -> Iterator[str]:
    if (table, column) in _FREE_TEXT:
        return
    safe = _SAFE_SORT_KEY if column == "sort_key" else _SAFE
    if unsafe := sum(not safe.fullmatch(value) for value in values):
        yield f"{unsafe} values of {table}.{column} contain unsafe characters"
