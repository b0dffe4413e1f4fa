"""The operator's rules: `rules.csv` next to the log.  A report that matches one is set aside.

Columns: field (uuid, network_tag, configuration, core_version or plugin), value, first_day, last_day, reason.  A day
is YYYY-MM-DD or empty.  The reason is published with how many installations it sets aside.  Without the line they count
again.
The transforms add and remove lines, the receiver removes those that name an erased installation: one at a time.
"""

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

from files import locked, replace_durably

FIELDS = ("uuid", "network_tag", "configuration", "core_version", "plugin")
VALUE_LENGTH_MAX = 1024  # the longest string in a report; SQLite refuses patterns of 50,000
COLUMNS = ["field", "value", "first_day", "last_day", "reason"]

Rule = tuple[str, str, str, str, str]


class RuleError(ValueError):
    """A line of the rules that cannot be used; nothing is transformed until it is corrected."""


def read_rules(path: Path) -> list[Rule]:
    """Return the rules as rows of the temporary table `rules`; none where the file is missing.  Raise RuleError."""
    return [_rule(path, line, row) for line, row in _rows(path)]


def listed_rules(path: Path) -> list[dict[str, str]]:
    """Return the rules by column as the operator wrote them, in order.  Raise RuleError."""
    rows = list(_rows(path))
    for line, row in rows:
        _rule(path, line, row)  # one that cannot be used is for the operator to correct by hand
    return [row for _, row in rows]


def append_rule(path: Path, rule: dict[str, str]) -> None:
    """Add a rule, given by column.  Raise RuleError or OSError; the file is then unchanged."""
    with _only_writer(path):
        rows = listed_rules(path)
        _rule(path, len(rows) + 2, rule)
        _replace(path, [*rows, rule])


def remove_rule(path: Path, number: int) -> bool:
    """Remove a rule by its number, from 1; return whether there was one.  Raise as `append_rule` does."""
    with _only_writer(path):
        rows = listed_rules(path)
        if not 1 <= number <= len(rows):
            return False
        _replace(path, rows[: number - 1] + rows[number:])
        return True


def forget_erased(path: Path, is_erased: Callable[[str], bool]) -> None:
    """Remove the rules that name an erased installation, and leave all other lines byte for byte.

    Works on a file that cannot be used as rules, too.  Raise OSError; the file is then unchanged.
    """
    if not path.exists():
        return
    with _only_writer(path):
        lines = [line.decode("utf-8", "surrogateescape") for line in path.read_bytes().splitlines(keepends=True)]
        remaining = "".join(text for text, cells in _records(lines) if not is_erased(_uuid_of(cells)))
        if remaining != "".join(lines):
            replace_durably(path, remaining.encode("utf-8", "surrogateescape"))


def is_day(text: str) -> bool:
    """Whether it is a day that exists, in the form YYYY-MM-DD."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _only_writer(path: Path) -> AbstractContextManager[int]:
    """Keep other processes from changing the file while this one does; readers need not wait."""
    return locked(path.with_name(f"{path.stem}.lock"))


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each line with its number."""
    if not path.exists():
        return
    with path.open(encoding="utf-8-sig", newline="") as lines:
        table = csv.DictReader(lines)
        try:
            if table.fieldnames != COLUMNS:
                raise RuleError(f"{path} begins with {table.fieldnames}; its first line must be {','.join(COLUMNS)}")
            for row in table:
                yield table.line_num, row
        except (UnicodeDecodeError, csv.Error) as error:
            raise RuleError(f"{path} cannot be read as CSV in UTF-8 ({error}); correct it by hand") from None


def _rule(path: Path, line: int, row: dict[str, str]) -> Rule:
    if row["field"] not in FIELDS:
        raise RuleError(f"{path} line {line}: field {row['field']!r}; give one of {', '.join(FIELDS)}")
    if len(row) > len(COLUMNS):
        raise RuleError(f"{path} line {line}: more than {len(COLUMNS)} columns; put a reason with a comma in quotes")
    if not row["value"] or not row["reason"]:
        raise RuleError(f"{path} line {line}: value or reason is empty; give both")
    if len(row["value"]) > VALUE_LENGTH_MAX:
        raise RuleError(f"{path} line {line}: a value has at most {VALUE_LENGTH_MAX} characters")
    for column in ("first_day", "last_day"):
        if row[column] and not is_day(row[column]):  # it would be compared as text, and match the wrong reports
            raise RuleError(
                f"{path} line {line}: {column} {row[column][:40]!r}; give a day such as 2026-01-05, or nothing"
            )
    value = row["value"].lower() if row["field"] in ("network_tag", "configuration") else row["value"]
    return row["field"], value, row["first_day"] or "0000", row["last_day"] or "9999", row["reason"]


def _replace(path: Path, rows: list[dict[str, str]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    try:
        content = text.getvalue().encode()
    except UnicodeEncodeError as error:
        raise RuleError(f"a rule has characters that are not Unicode ({error.reason}); give others") from None
    replace_durably(path, content)


def _records(lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield each record as it is written, and its cells; a record with quotes may take several lines."""
    first = 0
    reader = csv.reader(iter(lines), strict=True)  # a quote that is never closed is an error, not the rest of the file
    try:
        for cells in reader:
            yield "".join(lines[first : reader.line_num]), cells
            first = reader.line_num
    except csv.Error:  # no CSV from here on: line by line
        for line in lines[first:]:
            yield line, [cell.strip(' "\r\n') for cell in line.split(",")]


def _uuid_of(cells: list[str]) -> str:
    """Return the uuid of a rule on one installation, else an empty text, which is nobody's uuid."""
    return cells[1].strip() if len(cells) > 1 and cells[0].strip() == "uuid" else ""
