"""The tables of docs/receiver.md that follow from the code: every answer and every limit.

`make register` writes them where they belong, between `<!-- NAME: … -->` and `<!-- NAME end -->`.
"""

import re
from collections.abc import Iterable, Iterator
from enum import Flag
from functools import cache
from pathlib import Path
from types import ModuleType

from connection import limits as connection_limits
from receiver import limits
from receiver.refusals import REFUSALS, Requests

_DOCUMENT = "docs/receiver.md"  # from the root of the project
_ROOT = Path(__file__).parent.parent
_ROOMS = ("connection", "receiver")
_HEADING = re.compile(r"# (.*)")
_LIMIT = re.compile(r"([A-Z_]+) = .*?  # (.*?)(?: -> (.*))?")
_WORD = re.compile(r"\w+")
_BYTES = ((1024**3, "GiB"), (1024**2, "MiB"), (1024, "KiB"))
_REQUESTS = {
    Requests.UPLOAD: "`POST /data`",
    Requests.SHOW: "`GET /data`",
    Requests.ERASE: "`DELETE /data`",
    Requests.HEALTH: "`/livez`, `/readyz`",
    Requests.PAGES: "pages",
    Requests.UNKNOWN_PATHS: "any other path",
}
_STATUSES = {kind.__name__: kind.status for kind in REFUSALS}


def texts() -> dict[str, dict[str, str]]:
    """Return what belongs between the marks of which document, by the name of the mark."""
    return {_DOCUMENT: {"answers": answers_table(), "limits": limits_table(connection_limits, limits)}}


def answers_table() -> str:
    """Return a Markdown table with every answer to a request."""
    rows = [
        ("200", "", "`?dry_run=1`: how the report is read; nothing is stored", "`POST /data`", "", ""),
        ("201", "", "The upload is stored and would survive a power cut.", "`POST /data`", "", ""),
    ]
    rows += [
        (
            str(kind.status),
            kind.__name__,
            kind.meaning(),
            _requests(kind.answers),
            _seconds(kind.retry_after_seconds),
            _raised_in(kind.__name__),
        )
        for kind in REFUSALS
    ]
    return _table(("status", "`type` ends in", "meaning", "answers", "`Retry-After`", "raised in"), rows)


def limits_table(*modules: ModuleType) -> str:
    """Return a Markdown table with every limit of `modules` in their order: what it limits and what happens then."""
    rows = (row for module in modules for row in _limits(module))
    return _table(("limit", "value", "what it limits", "when exceeded"), rows)


def _limits(module: ModuleType) -> Iterator[tuple[str, ...]]:
    for line in Path(str(module.__file__)).read_text(encoding="utf-8").splitlines():
        if heading := _HEADING.fullmatch(line):
            yield f"**{heading[1]}**", "", "", ""
        elif limit := _LIMIT.fullmatch(line):
            name, what, then = limit.groups(default="")
            yield f"`{name}`", _value(name, getattr(module, name)), what, _WORD.sub(_with_status, then)


def _raised_in(name: str) -> str:
    """Return the modules that make such a refusal."""
    makes = re.compile(rf"(?<!class )\b{name}\(")
    return ", ".join(f"`{path.relative_to(_ROOT)}`" for path, text in _modules().items() if makes.search(text))


@cache
def _modules() -> dict[Path, str]:
    return {path: path.read_text(encoding="utf-8") for room in _ROOMS for path in sorted((_ROOT / room).rglob("*.py"))}


def _requests(requests: Flag | None) -> str:
    return "every request" if requests is None else ", ".join(_REQUESTS[each] for each in Requests if each in requests)


def _seconds(seconds: int | None) -> str:
    return "" if seconds is None else f"{seconds:,} s"


def _value(name: str, value: float | str) -> str:
    """Return a limit with the unit that its name has."""
    if isinstance(value, str):
        return f"`{value}`"
    if "SHARE" in name:
        return f"{value:.0%}"
    if "BYTES" in name:
        size, unit = next(each for each in _BYTES if value >= each[0])
        return f"{value / size:g} {unit}"
    return f"{value:,} s" if "SECONDS" in name else f"{value:,}"


def _with_status(word: re.Match[str]) -> str:
    return f"{_STATUSES[word[0]]} {word[0]}" if word[0] in _STATUSES else word[0]


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [_row(head), "|" + "---|" * len(head), *(_row(cells) for cells in rows)]
    return "\n".join(lines)


def _row(cells: tuple[str, ...]) -> str:
    return "|" + "".join(f" {cell} |" if cell else " |" for cell in cells)
