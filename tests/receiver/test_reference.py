"""docs/receiver.md has every answer and every limit, as the code has them."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from connection import limits as bounds
from receiver import limits
from receiver.reference import answers_table, limits_table
from receiver.refusals import REFUSALS
from tests.receiver.running import ROOT


def test_every_refusal_is_in_the_table_of_answers() -> None:
    """Each with its status, its meaning and who can get it; 200 and 201 come first."""
    rows = [cells(row) for row in answers_table().splitlines()[2:]]
    assert [row[:2] for row in rows[:2]] == [["200", ""], ["201", ""]]
    assert {(int(status), name) for status, name, *_ in rows[2:]} == {(kind.status, kind.__name__) for kind in REFUSALS}
    assert all(meaning and answers for _, _, meaning, answers, *_ in rows)
    assert rows[-1][:2] == ["507", "DiskFull"]
    raised_in = "`receiver/erasure/erasures.py`, `receiver/log/appender.py`"
    assert rows[-1][3:] == ["`POST /data`, `DELETE /data`", "3,600 s", raised_in]
    assert all((ROOT / path.strip("` ")).exists() for row in rows[2:] for path in row[5].split(","))


def test_every_limit_is_in_the_table_of_limits() -> None:
    """A limit without its comment would be missing here."""
    named = [cells(row)[0].strip("`") for row in limits_table(bounds, limits).splitlines()[2:]]
    expected = [name for module in (bounds, limits) for name in vars(module) if name.isupper()]
    assert [name for name in named if not name.startswith("**")] == expected


def test_a_limit_is_told_in_its_unit_with_the_status_of_its_refusal(tmp_path: Path) -> None:
    """The comment says what is limited and, after an arrow, what happens then."""
    module = module_of(
        tmp_path / "bounds.py",
        "# One\nWAL_BYTES = 3 * 1024**2  # of WAL -> Busy, or TooLarge later\nTRY_SECONDS = 1500  # between tries\n"
        'FREE_SHARE = 0.05  # of it -> closed\nNAME = "[ab]"  # a form\nMANY = 20_000  # of them\n',
    )
    assert limits_table(module).splitlines() == [
        "| limit | value | what it limits | when exceeded |",
        "|---|---|---|---|",
        "| **One** | | | |",
        "| `WAL_BYTES` | 3 MiB | of WAL | 503 Busy, or 413 TooLarge later |",
        "| `TRY_SECONDS` | 1,500 s | between tries | |",
        "| `FREE_SHARE` | 5% | of it | closed |",
        "| `NAME` | `[ab]` | a form | |",
        "| `MANY` | 20,000 | of them | |",
    ]


def cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip("|").split("|")]


def module_of(path: Path, source: str) -> ModuleType:
    path.write_text(source, encoding="utf-8")
    spec = spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
