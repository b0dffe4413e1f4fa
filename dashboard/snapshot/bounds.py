"""How much memory a query of one's own may take, by value, by result and by all that SQLite holds, and no disk."""

import sqlite3
from typing import Any

VALUE_BYTES_MAX = 1 << 20  # a report has at most 256 KiB
RESULT_BYTES_MAX = 16 << 20
HEAP_BYTES_MAX = 64 << 20  # of SQLite in the whole process


class _BoundedRows:
    """Makes the rows of a connection, until those of one request are too large together."""

    def __init__(self) -> None:
        self.bytes = 0

    def __call__(self, cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> sqlite3.Row:
        self.bytes += sum(len(value) if isinstance(value, str | bytes) else 8 for value in values)
        if self.bytes > RESULT_BYTES_MAX:
            raise sqlite3.OperationalError(f"the result is larger than {RESULT_BYTES_MAX >> 20} MiB; ask for less")
        return sqlite3.Row(cursor, values)


def bound_queries(connection: sqlite3.Connection) -> None:
    """Let queries on this connection fail with sqlite3.Error or MemoryError rather than take more."""
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, VALUE_BYTES_MAX)
    connection.execute("pragma temp_store = memory")  # sorting never writes to the disk, for which uploads would wait
    connection.execute(f"pragma hard_heap_limit = {HEAP_BYTES_MAX}")
    connection.row_factory = _BoundedRows()


def begin_result(connection: sqlite3.Connection) -> None:
    """Count anew: another request uses the connection."""
    if isinstance(connection.row_factory, _BoundedRows):
        connection.row_factory.bytes = 0
