"""The register of fields (`catalog/fields.csv`): what a report may say, why we ask, and whether it is published.

A key that is not in it is kept and shown to the maintainers, but neither sent by our sender nor published.  Pure.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_REGISTER = Path(__file__).with_name("catalog") / "fields.csv"


@dataclass(frozen=True)
class Field:
    """One key of a report, in words for people."""

    key: str
    type: str
    title: str
    why: str
    is_published: bool
    is_sent: bool = False  # by our own sender
    has_switch: bool = False  # in the sender's configuration, by which an admin leaves it out
    tables: tuple[str, ...] = ()  # public ones that count it
    kind: str = ""  # of a further key that is counted: number, band, version, word or words
    bands: tuple[int, ...] = ()  # in which numbers are counted, by where each begins
    stands_for: str = ""  # another key that says more closely, under which this is counted where that is not reported


def read_fields(register: Path = _REGISTER) -> list[Field]:
    """Return the register in its order.  Raise OSError, KeyError where a column lacks, ValueError on a third answer."""
    with register.open(encoding="utf-8", newline="") as lines:
        return [
            Field(
                row["key"],
                row["type"],
                row["title"],
                row["why"],
                is_published=_is_yes(row["published"]),
                is_sent=_is_yes(row["sent"]),
                has_switch=_is_yes(row["switch"]),
                tables=tuple(row["tables"].split()),
                kind=row["kind"],
                bands=tuple(int(start) for start in row["bands"].split()),
                stands_for=row["stands_for"],
            )
            for row in csv.DictReader(lines)
        ]


def _is_yes(answer: str) -> bool:
    return ("no", "yes").index(answer) == 1


def as_table(fields: Iterable[Field]) -> str:
    """Return the Markdown table of PRIVACY.md."""
    rows = ["| key | what it says | why we ask | who sees it |", "|---|---|---|---|"]
    rows += [f"| `{field.key}` | {field.title} | {field.why} | {_who_sees(field)} |" for field in fields]
    return "\n".join(rows)


def _who_sees(field: Field) -> str:
    return "everyone, in groups" if field.is_published else "the maintainers"
