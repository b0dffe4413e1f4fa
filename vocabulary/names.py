"""The operator's list of names: `names.csv` next to the log.  A name in it is public from the next count on.

Columns: kind (plugin, feature, compute_resource, version, or a further key whose values are words), name.
The catalogue of the next release is the place for a name that everybody knows; the list spares waiting for it.
"""

import csv
from collections.abc import Mapping
from pathlib import Path

from vocabulary.catalogue import Catalogue
from vocabulary.fields import Field
from vocabulary.keys import is_publishable

COLUMNS = ["kind", "name"]
_KINDS = ("plugin", "feature", "compute_resource", "version")


class NamesError(ValueError):
    """The list cannot be used; nothing is counted until it is corrected."""


def read_catalogue(names: Path) -> Catalogue:
    """Return the catalogue with the names that the operator lists.  Raise NamesError or OSError."""
    catalogue = Catalogue.read()
    return catalogue.with_names(read_names(names, catalogue.fields))


def read_names(path: Path, fields: Mapping[str, Field]) -> frozenset[tuple[str, str]]:
    """Return (kind, name) of every line; none where the file is missing.  Raise NamesError or OSError."""
    if not path.exists():
        return frozenset()
    with path.open(encoding="utf-8-sig", newline="") as lines:
        table = csv.reader(lines)
        try:
            if (header := next(table, [])) != COLUMNS:
                raise NamesError(f"{path} begins with {header}; its first line must be {','.join(COLUMNS)}")
            return frozenset(_name(path, table.line_num, cells, kinds(fields)) for cells in table if cells)
        except (UnicodeDecodeError, csv.Error) as error:
            raise NamesError(f"{path} cannot be read as CSV in UTF-8 ({error}); correct it by hand") from None


def kinds(fields: Mapping[str, Field]) -> tuple[str, ...]:
    """Return what a listed name can be, in the order of the register."""
    return _KINDS + tuple(key for key, field in fields.items() if field.kind in ("word", "words"))


def can_be_listed(name: str) -> bool:
    """Return whether a name can be shown at all.  A space at its end, which nobody sees, is a slip of the pen."""
    return is_publishable(name) and name == name.strip()


def _name(path: Path, line: int, cells: list[str], allowed: tuple[str, ...]) -> tuple[str, str]:
    """Return a line's kind and name.  One that could never be shown is an error, not a line without effect."""
    if len(cells) != len(COLUMNS):
        raise NamesError(f"{path} line {line}: {len(cells)} columns; give a kind and a name, with a comma between")
    kind, name = cells
    if kind not in allowed:
        raise NamesError(f"{path} line {line}: kind {kind[:40]!r}; give one of {', '.join(allowed)}")
    if not can_be_listed(name):
        raise NamesError(
            f"{path} line {line}: {name[:80]!r} can never be shown. A name has 1 to 64 letters, digits, spaces or "
            "_.:+~- in ASCII, and begins with none of + - and no space. Correct the line or remove it"
        )
    return kind, name
