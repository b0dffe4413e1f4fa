"""How people read a public table: what each column means, and which cells a spreadsheet would run.

The words on columns come from the tables' own DDL, which SQLite keeps with its comments.  One column a line, its
comment at the end of the line: the form of `transforms/publishing/tables/`.
"""

import re

FORMULA = ("=", "+", "-", "@", "\t", "\r")

_COLUMN = re.compile(r'^\s*"?(?P<name>[a-z_][a-z0-9_]*)"?\s+(?P<rest>[^-].*?)--\s*(?P<comment>.+?)\s*$', re.IGNORECASE)
_NOT_A_COLUMN = {"primary", "unique", "check", "foreign", "constraint", "create"}


def column_descriptions(ddl: str | None) -> dict[str, str]:
    """Column -> description, in the order of the table; a column without a comment is left out."""
    found = {}
    for line in (ddl or "").splitlines():
        match = _COLUMN.match(line)
        if match and match["name"].lower() not in _NOT_A_COLUMN:
            found[match["name"]] = match["comment"]
    return found


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet that opens a CSV would compute this cell instead of showing it."""
    if not cell.startswith(FORMULA):
        return False
    try:
        float(cell)
    except ValueError:
        return True
    return False


def inert_cell(cell: str) -> str:
    """Return the cell as a spreadsheet only reads it: behind an apostrophe if it would be a formula."""
    return f"'{cell}" if is_formula(cell) else cell
