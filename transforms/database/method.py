"""What views.db rests on besides the log, as a digest: where it differs, views.db has to be built again."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from settings import Settings
from transforms.sql import names, statement
from transforms.weeks.noise import NoiseKey
from vocabulary.catalogue import FOLDER, Catalogue
from vocabulary.rules import read_rules

_ROOT = Path(__file__).parents[2]
# The modules whose text decides what is counted.  What of it is shown is decided anew for each edition.
COUNTING = (
    "transforms/batches.py",
    "transforms/database/configurations.py",
    "transforms/database/erased.py",
    "transforms/database/key_ids.py",
    "transforms/database/leftovers.py",
    "transforms/database/new_names.py",
    "transforms/database/part_ids.py",
    "transforms/history/history.py",
    "transforms/weeks/key_counts.py",
    "transforms/weeks/noise.py",
    "transforms/weeks/week_counter.py",
    "vocabulary/catalogue.py",
    "vocabulary/keys.py",
    "vocabulary/reading.py",
    "vocabulary/release_calendar.py",
    "vocabulary/shortening.py",
    "vocabulary/versions.py",
)
_SQL = (
    "database",
    "database/erasing",
    "database/staging",
    "database/views",
    "history/restoring",
    "history/saving",
    "weeks/sql",
)
_WORDS_ONLY = "fields.csv"  # most of it; what counts of it is in the catalogue


def method_digest(settings: Settings, catalogue: Catalogue, key: NoiseKey) -> str:
    """Return a digest of code, catalogue, listed names, rules, settings, key; with another one, all is built again."""
    numbers = f"{settings.established_weeks} {settings.active_weeks} {key.digest}"
    rules = "\n".join(map(repr, read_rules(settings.rules)))
    fields = "\n".join(
        f"{field.key} {field.kind} {field.bands} {field.stands_for}" for field in catalogue.fields.values()
    )
    listed = "\n".join(map(repr, sorted(catalogue.listed)))
    facts = [path for path in sorted(FOLDER.glob("*.csv")) if path.name != _WORDS_ONLY]
    texts = [path.read_text(encoding="utf-8") for path in (*counting_modules(_ROOT), *facts)]
    return digest(
        [numbers, rules, fields, listed, *texts, *(statement(name) for folder in _SQL for name in names(folder))]
    )


def counting_modules(root: Path) -> list[Path]:
    """Return the files that COUNTING names, in its order."""
    return [path for pattern in COUNTING for path in sorted(root.glob(pattern))]


def digest(texts: Iterable[str]) -> str:
    """Return a text that differs where any of `texts` does."""
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()
