"""What the operator sets aside: rules are added, listed and removed, and what is suspicious is listed.

Nothing is deleted: what matches a rule is excluded from the weeks that are not published yet, until the rule is gone.
"""

import shlex
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from files import attach_read_only, open_read_only
from settings import Settings
from transforms.rules.unlisted_names import Unlisted, in_words, unlisted_names
from transforms.sql import names, statement
from vocabulary.names import read_catalogue
from vocabulary.rules import FIELDS, RuleError, append_rule, is_day, listed_rules, remove_rule

_REASON_LENGTH_MAX = 120
_REVISE = "To count weeks again that are published: python -m transforms revise --from WEEK --reason '…'"
_COUNT = "select reason, count(*), count(distinct uuid) from ruled_out group by reason"


def add(path: Path, rule: dict[str, str]) -> str:
    """Add a rule, given by column; return what to say.  Raise RuleError, and leave the file as it was then."""
    for day in (rule["first_day"], rule["last_day"]):
        if day and not is_day(day):
            raise RuleError(f"{day!r} is not a day; give one such as 2026-01-05")
    if rule["first_day"] and rule["last_day"] and rule["last_day"] < rule["first_day"]:
        raise RuleError(f"the last day, {rule['last_day']}, is before the first, {rule['first_day']}")
    if not (rule["reason"].isprintable() and 0 < len(rule["reason"]) <= _REASON_LENGTH_MAX):
        raise RuleError(f"the reason is published: give 1 to {_REASON_LENGTH_MAX} printable characters")
    if rule["field"] not in FIELDS or not rule["value"]:
        raise RuleError(f"give a value, and as its field one of {', '.join(FIELDS)}")
    append_rule(path, rule)
    return f"Added. From the next edition on, what matches is excluded. {_REVISE}"


def remove(path: Path, number: int) -> str:
    """Remove a rule by its number in the list; return what to say.  Raise RuleError."""
    if not remove_rule(path, number):
        raise RuleError(f"there is no rule {number}; `set-aside list` shows the numbers")
    return f"Removed. From the next edition on, what the rule had excluded counts again. {_REVISE}"


def listed(settings: Settings) -> Iterator[str]:
    """Yield a line for every rule, and one for every reason with what it sets aside at present."""
    lines = listed_rules(settings.rules)
    for number, rule in enumerate(lines, start=1):
        when = f"{rule['first_day'] or 'the beginning'} to {rule['last_day'] or 'the end'}"
        yield f"{number}. {rule['field']} {rule['value']}, from {when}: {rule['reason']}"
    if not lines:
        yield "There are no rules."
    for reason, uploads, installations in _rows(settings, _COUNT):
        yield f"   excluded at the last refresh: {uploads} uploads of {installations} installations ({reason})"


def suspects(settings: Settings) -> Iterator[str]:
    """Yield what stands out, with which command it would be set aside, and names that could be listed.

    New Foremans look alike, so look first.  Raise NamesError.
    """
    found = False
    for model in names("rules/suspects"):
        for field, value, first_day, why in _rows(settings, statement(model)):
            found = True
            yield f"{field} {_printable(value)}: {why} ({first_day})"
            yield (
                f"   python -m transforms set-aside add --field {field} --value {shlex.quote(_literal(field, value))} "
                f"--from {first_day} --reason '…'"
            )
    if not found:
        yield "Nothing looks suspicious."
    yield from in_words(_unlisted(settings), settings.names)


def _unlisted(settings: Settings) -> list[Unlisted]:
    """Return the names that could be listed, except those that are since the last count."""
    catalogue = read_catalogue(settings.names)
    if not settings.views.exists():
        return []
    with closing(open_read_only(settings.views)) as connection:
        return unlisted_names(connection, settings.min_group, catalogue)


def _rows(settings: Settings, select: str) -> list[tuple[str, ...]]:
    if not (settings.views.exists() and settings.public.exists()):
        return []
    with closing(open_read_only(settings.views)) as connection:
        attach_read_only(connection, settings.public, "public")
        return connection.execute(select).fetchall()


def _printable(value: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in value)


def _literal(field: str, value: str) -> str:
    """Return the pattern that means just this value."""
    if field in ("network_tag", "configuration"):
        return value
    return _printable("".join(f"[{letter}]" if letter in "*?[" else letter for letter in value))
