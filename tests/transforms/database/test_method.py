"""What makes everybody's views.db be built again, and what does not."""

from pathlib import Path

from tests.test_walls import ROOT, imported_modules
from transforms.database.method import counting_modules

# Imported by what counts, and not a part of it: each with the reason.
NO_FIGURE_RESTS_ON = {
    "checksums.py": "whether history.db says what was written into it",
    "files.py": "how files are opened",
    "transforms/history/intact.py": "the same",
    "transforms/intact_files.py": "the same",
    "settings.py": "the numbers themselves are in the digest",
    "weeks.py": "arithmetic of the calendar",
    "trusted_time.py": "the time is given to what counts; only how far ahead it may be is taken from there",
    "transforms/room.py": "room on the disk",
    "transforms/sql.py": "finds the models, whose texts are in the digest",
    "transforms/database/purges.py": "what the log has recorded",
    "vocabulary/fields.py": "words for people; what counts of a field is in the digest",
}


def imported_by(path: Path) -> set[Path]:
    """Return the project's own modules that a module imports, one by one and through others."""
    names = {name.replace(".", "/") for name in imported_modules(path)}
    found = {ROOT / f"{name}.py" for name in names if (ROOT / f"{name}.py").exists()}
    return found.union(*(imported_by(each) for each in found))


def test_everything_that_counts_is_in_the_digest() -> None:
    """A module that counting comes to import is either in the digest or named above."""
    hashed = set(counting_modules(ROOT))
    used = imported_by(ROOT / "transforms" / "batches.py") | imported_by(ROOT / "transforms/weeks/week_counter.py")
    used |= imported_by(ROOT / "transforms/history/history.py")
    assert {str(path.relative_to(ROOT)) for path in used - hashed} == set(NO_FIGURE_RESTS_ON)


def test_what_a_command_says_rebuilds_nobodys_views() -> None:
    """Found: rewording a sentence of the set-aside command made every installation rebuild its views.db."""
    hashed = {str(path.relative_to(ROOT)) for path in counting_modules(ROOT)}
    assert not [path for path in hashed if path.startswith(("transforms/rules", "transforms/publishing"))]
    assert not hashed & {"transforms/__main__.py", "transforms/pipeline.py", "vocabulary/rules.py"}


def test_every_pattern_of_the_digest_finds_a_module() -> None:
    assert all(path.is_file() for path in counting_modules(ROOT))
    assert len(counting_modules(ROOT)) >= 15
