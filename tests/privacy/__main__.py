"""`python -m tests.privacy` tries every attack in its full form, and writes the table of docs/privacy-attacks.md.

It says what is outside the limits, and ends with 1 if that is anything but what is known (limits.MISSED).
"""

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

os.environ.setdefault("POPCON_FAULTS", "full")

from tests.privacy.limits import MISSED, broken
from tests.privacy.model.scoring import Result
from tests.privacy.plan import ATTACKS, MOVES, SIZES, measured, results
from tests.privacy.utility import Utility

DOCUMENT = Path(__file__).parents[2] / "docs" / "privacy-attacks.md"
_TABLE = re.compile(r"(?<=<!-- table: written by `python -m tests\.privacy` -->\n).*?(?=<!-- table end -->)", re.DOTALL)
_HEAD = ("attack", "N", "success is", "off", "baseline", "on", "baseline")
_PROCESSES = 2


def table(found: list[tuple[bool, Result]]) -> str:
    """Return the table: each attack, from the smallest community."""
    said = {attack.name: attack.success for attack in ATTACKS} | MOVES
    by_name = {(one.attack, one.installations, is_on): one for is_on, one in found}
    rows = [
        (name, f"{size:,}", success, *_cells(by_name[name, size, False]), *_cells(by_name[name, size, True]))
        for name, success in sorted(said.items())
        for size in SIZES
    ]
    return _markdown(_HEAD, rows)


def _cells(one: Result) -> tuple[str, str]:
    if not one.tries:
        return "-", "-"
    return f"{100 * one.success:.0f} % of {one.tries}", f"{100 * one.baseline:.0f} %"


def useful(found: list[Utility]) -> str:
    """Return the table of what the noise costs readers."""
    head = ("N", "mean distance of a figure from the true count, of the established", "pairs of plugins in order")
    rows = [(f"{one.installations:,}", f"{100 * one.error:.2f} points", f"{100 * one.order:.1f} %") for one in found]
    return _markdown(head, rows)


def _markdown(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, ("---",) * len(head), *rows]) + "\n"


def main() -> int:
    with TemporaryDirectory() as folder:
        found = list(results(Path(folder), (False, True), _PROCESSES))
        utilities = [measured(size, Path(folder)) for size in SIZES]
    tables = f"{table(found)}\n{useful(utilities)}"
    DOCUMENT.write_text(_TABLE.sub(lambda _: tables, DOCUMENT.read_text()))
    outside = [(is_on, one) for is_on, one in found if broken(one, is_on=is_on)]
    for is_on, one in outside:
        sys.stdout.write(f"outside its limits with the defences {'on' if is_on else 'off'}: {one}\n")
    for cost in utilities:
        if not cost.is_near:
            sys.stdout.write(f"figures are too far off: {cost}\n")
        if not cost.is_ordered:
            sys.stdout.write(f"too few plugins are in order: {cost}\n")
    return int(any(not is_on or one.attack not in MISSED for is_on, one in outside))


if __name__ == "__main__":
    sys.exit(main())
