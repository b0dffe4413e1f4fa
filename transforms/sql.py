"""The SQL files of this room, by the name of their folder and stem."""

from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent


@cache
def statement(name: str) -> str:
    """Return the text of one file, such as `statement("weeks/sql/totals")`."""
    return (_HERE / name).with_suffix(".sql").read_text(encoding="utf-8")


def names(folder: str) -> list[str]:
    """Return what `statement` takes for every file of `folder`, in alphabetical order."""
    return [f"{folder}/{path.stem}" for path in sorted((_HERE / folder).glob("*.sql"))]
