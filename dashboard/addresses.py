"""Addresses on pages: where an earlier week is shown, or a week was asked for, every link keeps it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from datasette.url_builder import Urls  # type: ignore[import-untyped]  # Datasette ships no types
from datasette.utils import PrefixedUrlString, tilde_encode  # type: ignore[import-untyped]  # Datasette ships no types

# What is the same in every week, or has all weeks.
_WITHOUT_A_WEEK = ("/static/", "/archive", "/take-part", "/privacy", "/PRIVACY.md", "/public.db", "/favicon.ico")


def is_of_a_week(path: str) -> bool:
    return not path.startswith(_WITHOUT_A_WEEK)


def with_week(address: str, week: str) -> str:
    """The address with that week, unless it has one already."""
    before, mark, fragment = address.partition("#")
    _, has_query, query = before.partition("?")
    if not week or not is_of_a_week(address) or any(part.startswith("week=") for part in query.split("&")):
        return address
    return f"{before}{'&' if has_query else '?'}week={week}{mark}{fragment}"


def without_week(path: str, query_string: str) -> str:
    arguments = urlencode([(key, value) for key, value in parse_qsl(query_string) if key != "week"])
    return f"{path}?{arguments}" if arguments else path


class Addresses(Urls):  # type: ignore[misc]  # Datasette ships no types
    """As Datasette and the templates write them.  `week`: what is kept, or ''."""

    def __init__(self, ds: Any, week: Callable[[], str]) -> None:
        super().__init__(ds)
        self._week = week

    def path(self, path: str, format: str | None = None) -> str:
        plain = str(super().path(path, format=format))
        written: str = PrefixedUrlString(with_week(plain, self._week()))
        return written

    def database(self, database: str, format: str | None = None) -> str:
        return self.path(tilde_encode(database), format=format)

    def table(self, database: str, table: str, format: str | None = None) -> str:
        return self.path(f"{tilde_encode(database)}/{tilde_encode(table)}", format=format)

    query = table

    def row(self, database: str, table: str, row_path: str, format: str | None = None) -> str:
        return self.path(f"{tilde_encode(database)}/{tilde_encode(table)}/{row_path}", format=format)
