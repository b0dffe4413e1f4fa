"""The walls between the rooms, read from the imports and the folders."""

import ast
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOW = {"receiver", "transforms", "dashboard", "sender", "simulation"}  # they meet at contracts, never at imports
ANY = {"launcher", "benchmarks", "tests"}  # these put the others together
ALONE = {"settings", "files", "checksums", "trusted_time", "weeks", "progress", "public_tables"}  # modules
SHARED = ALONE | {"connection", "vocabulary"}
FILES_MAX = 14  # in a folder of code; a newcomer cannot see what belongs together in a longer list
CODE = {".py", ".sql", ".html", ".rb"}


def imported_modules(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def rooms_imported_by(room: str) -> dict[Path, set[str]]:
    """Return which of the project's rooms each module of a room imports."""
    paths = (ROOT / room).rglob("*.py") if (ROOT / room).is_dir() else [ROOT / f"{room}.py"]
    every = FLOW | ANY | SHARED
    return {path: {name.split(".")[0] for name in imported_modules(path)} & every for path in paths}


def files_of_code() -> list[Path]:
    rooms = [ROOT / room for room in FLOW | ANY | SHARED]
    return [
        path.relative_to(ROOT)
        for room in rooms
        for path in [room.with_suffix(".py"), *room.rglob("*")]
        if path.suffix in CODE and path.is_file()
    ]


@pytest.mark.parametrize("room", sorted(FLOW))
def test_a_room_of_the_flow_imports_itself_and_what_all_share(room: str) -> None:
    for path, rooms in rooms_imported_by(room).items():
        assert rooms <= {room} | SHARED, f"{path.relative_to(ROOT)} imports {rooms - {room} - SHARED}"


@pytest.mark.parametrize("room", sorted(SHARED))
def test_what_all_share_imports_no_room(room: str) -> None:
    for path, rooms in rooms_imported_by(room).items():
        assert rooms <= SHARED, f"{path.relative_to(ROOT)} imports {rooms - SHARED}"


@pytest.mark.parametrize("room", sorted(ANY - {"tests"}))
def test_only_tests_import_tests(room: str) -> None:
    for path, rooms in rooms_imported_by(room).items():
        assert "tests" not in rooms, f"{path.relative_to(ROOT)} imports from tests/"


@pytest.mark.parametrize("room", sorted(FLOW | ANY | SHARED))
def test_no_import_circle(room: str) -> None:
    """Modules of a room can be put in an order in which each imports only earlier ones."""
    paths = {path: imported_modules(path) for path in rooms_imported_by(room)}
    names = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in paths}
    waiting = {name: (imported & names.keys()) - {name} for name, imported in ((n, paths[p]) for n, p in names.items())}
    while free := {name for name, imported in waiting.items() if not imported & waiting.keys()}:
        waiting = {name: imported for name, imported in waiting.items() if name not in free}
    assert not waiting


def test_no_folder_of_code_is_too_long_to_take_in() -> None:
    counts = Counter(path.parent for path in files_of_code())
    assert {str(folder): count for folder, count in counts.items() if count > FILES_MAX} == {}


def test_the_mode_that_spares_the_log_is_written_once() -> None:
    """A connection in another mode checkpoints the log and loses its WAL: everyone goes through files.py."""
    paths = [path for path in files_of_code() if path.suffix == ".py" and path.parts[0] != "tests"]
    assert [str(path) for path in paths if "mode=ro" in (ROOT / path).read_text(encoding="utf-8")] == ["files.py"]


def test_the_vocabulary_needs_no_database() -> None:
    """Whoever reads a report, the receiver's dry run too, does so without one."""
    for path in (ROOT / "vocabulary").rglob("*.py"):
        assert "sqlite3" not in imported_modules(path)
