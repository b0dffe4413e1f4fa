"""The operator's `rules.csv` may name a single installation; such a line goes with the installation's erasure."""

from collections.abc import Callable
from pathlib import Path

from receiver.whole_file import write_whole


def forget_erased(rules: Path, is_erased: Callable[[str], bool]) -> None:
    """Take the lines that name an erased uuid out of the file, and leave all others byte for byte.

    Raise OSError, and leave the file as it was then.
    """
    if not rules.exists():
        return
    lines = rules.read_bytes().splitlines(keepends=True)
    kept = [line for line in lines if not is_erased(_uuid_of(line))]
    if kept != lines:
        write_whole(rules, b"".join(kept))


def _uuid_of(line: bytes) -> str:
    """Return the uuid of a rule on one installation, else an empty text, which is nobody's."""
    field, value, *_ = [*line.split(b","), b"", b""]
    return value.strip(b' \r\n"').decode(errors="replace") if field.strip(b' "') == b"uuid" else ""
