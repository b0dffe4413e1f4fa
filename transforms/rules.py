"""The operator's rules: `rules.csv` beside the log.  What falls under one is set aside.

Columns: field (uuid, network_tag, configuration, core_version or plugin), value, first_day, last_day, reason.  A day
may stay empty.  The reason is published with how many installations it sets aside.  Without the line they count again.
"""

import csv
from pathlib import Path

FIELDS = ("uuid", "network_tag", "configuration", "core_version", "plugin")
VALUE_LENGTH_MAX = 1024  # as a string in a report; SQLite refuses patterns of 50,000
COLUMNS = ["field", "value", "first_day", "last_day", "reason"]

Rule = tuple[str, str, str, str, str]


class RuleError(ValueError):
    """A line of the rules that cannot be used; nothing is transformed until it is mended."""


def read_rules(path: Path) -> list[Rule]:
    """Return the rules as rows of the temporary table `rules`; none where there is no file.  Raise RuleError."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        table = csv.DictReader(lines)
        try:
            if table.fieldnames != COLUMNS:
                raise RuleError(f"{path} begins with {table.fieldnames}; its first line must be {','.join(COLUMNS)}")
            return [_rule(path, table.line_num, row) for row in table]
        except (UnicodeDecodeError, csv.Error) as error:
            raise RuleError(f"{path} cannot be read as CSV in UTF-8 ({error}); mend it by hand") from None


def _rule(path: Path, line: int, row: dict[str, str]) -> Rule:
    if row["field"] not in FIELDS:
        raise RuleError(f"{path} line {line}: field {row['field']!r}; give one of {', '.join(FIELDS)}")
    if len(row) > len(COLUMNS):
        raise RuleError(f"{path} line {line}: more than {len(COLUMNS)} columns; put a reason with a comma in quotes")
    if not row["value"] or not row["reason"]:
        raise RuleError(f"{path} line {line}: value or reason is empty; give both")
    if len(row["value"]) > VALUE_LENGTH_MAX:
        raise RuleError(f"{path} line {line}: a value has {VALUE_LENGTH_MAX} characters at most")
    value = row["value"].lower() if row["field"] in ("network_tag", "configuration") else row["value"]
    return row["field"], value, row["first_day"] or "0000", row["last_day"] or "9999", row["reason"]
