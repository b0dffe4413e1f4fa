"""The walls between the rooms, read from the imports."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = {"benchmarks", "dashboard", "launcher", "receiver", "sender", "simulation", "transforms"}
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "receiver": ("receiver.", "transforms.reading", "transforms.catalogue", "transforms.fields"),
    "transforms": ("transforms.",),
    "dashboard": ("dashboard.", "transforms.fields"),
    "sender": ("sender.",),
    "simulation": ("simulation.",),
}


def imported_modules(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_imports_no_other_room(room: str) -> None:
    """The rooms of the flow meet at contracts, never at imports."""
    for path in (ROOT / room).rglob("*.py"):
        of_rooms = {name for name in imported_modules(path) if name.split(".")[0] in ROOMS and "." in name}
        uncalled_for = {name for name in of_rooms if not name.startswith(MAY_IMPORT[room])}
        assert not uncalled_for, f"{path.relative_to(ROOT)} imports {uncalled_for}"


def test_how_a_report_is_read_needs_no_database() -> None:
    """reading.py, catalogue.py and fields.py are pure, so that the receiver can use them."""
    for name in ("reading", "catalogue", "fields"):
        assert "sqlite3" not in imported_modules(ROOT / "transforms" / f"{name}.py")
