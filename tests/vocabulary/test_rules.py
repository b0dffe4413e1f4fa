"""rules.csv: changed by the transforms and by the receiver, and no change of either is lost."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_walls import ROOT
from vocabulary.rules import COLUMNS, RuleError, append_rule, forget_erased, listed_rules, read_rules, remove_rule

_ADD = """
import sys
from pathlib import Path
from vocabulary.rules import append_rule, forget_erased
path, name = Path(sys.argv[1]), sys.argv[2]
for number in range(40):
    rule = dict(field="plugin", value=f"{name}-{number}", first_day="", last_day="", reason="a reason, with a comma")
    append_rule(path, rule)
    append_rule(path, rule | {"field": "uuid", "value": f"erased-{name}-{number}"})
    forget_erased(path, lambda uuid: uuid.startswith("erased-"))
"""


def rule(**changes: str) -> dict[str, str]:
    return dict.fromkeys(COLUMNS, "") | {"field": "plugin", "value": "acme", "reason": "fake"} | changes


def test_no_change_of_two_processes_is_lost(tmp_path: Path) -> None:
    """Found: both rewrote the file without a lock; a lost update brought an erased uuid back for a night."""
    path = tmp_path / "rules.csv"
    runs = [subprocess.Popen([sys.executable, "-c", _ADD, str(path), name], cwd=ROOT) for name in ("one", "two")]
    assert [run.wait() for run in runs] == [0, 0]
    values = {each["value"] for each in listed_rules(path)}
    assert values == {f"{name}-{number}" for name in ("one", "two") for number in range(40)}


def test_a_rule_is_added_and_removed_by_its_number(tmp_path: Path) -> None:
    path = tmp_path / "rules.csv"
    for value in ("a", "b", "c"):
        append_rule(path, rule(value=value))
    assert remove_rule(path, 2)
    assert not remove_rule(path, 3)
    assert listed_rules(path) == [rule(value="a"), rule(value="c")]


def test_the_erased_are_forgotten_in_records_of_several_lines_too(tmp_path: Path) -> None:
    """Found: the receiver split lines at commas, and would have cut such a record in two."""
    path = tmp_path / "rules.csv"
    rules = [rule(field="uuid", value="gone", reason="two\nlines"), rule(reason='one, "two"\nthree')]
    for each in rules:
        append_rule(path, each)
    forget_erased(path, "gone".__eq__)
    assert listed_rules(path) == rules[1:]
    with path.open(encoding="utf-8", newline="") as lines:
        assert len(list(csv.reader(lines))) == 2


def test_the_erased_are_forgotten_next_to_a_quote_that_is_never_closed(tmp_path: Path) -> None:
    """Found: such a quote took the rest of the file for one record: an erased uuid stayed, or other rules went."""
    path = tmp_path / "rules.csv"
    header = ",".join(COLUMNS) + "\n"
    for before, after in (
        ('plugin,"x,,,r\nuuid,gone,,,r\nplugin,y,,,r\n', 'plugin,"x,,,r\nplugin,y,,,r\n'),
        ('uuid,gone,,,"r\nplugin,y,,,a\nplugin,z,,,b\n', "plugin,y,,,a\nplugin,z,,,b\n"),
    ):
        path.write_text(header + before)
        forget_erased(path, "gone".__eq__)
        assert path.read_text() == header + after


@pytest.mark.parametrize("value", ["x" * 2000, "\udcff", ""])
def test_a_rule_that_could_not_be_read_again_is_not_added(tmp_path: Path, value: str) -> None:
    """Found: it was added, and stopped every refresh until somebody corrected the file by hand."""
    path = tmp_path / "rules.csv"
    append_rule(path, rule())
    with pytest.raises(RuleError):
        append_rule(path, rule(value=value))
    assert listed_rules(path) == [rule()]


@pytest.mark.parametrize("column", ["first_day", "last_day"])
@pytest.mark.parametrize("day", ["yesterday", "2026-02-31", "2026-1-5", "20260105", "2026-W01-1", " 2026-01-05", "0"])
def test_a_day_that_is_none_is_an_error(tmp_path: Path, column: str, day: str) -> None:
    """Found: it was compared as text, so "yesterday" was after every report, and nobody was told."""
    path = tmp_path / "rules.csv"
    wrong = rule(**{column: day})
    path.write_text("\n".join([",".join(COLUMNS), "plugin,a,,,r", ",".join(wrong.values()), "uuid,gone,,,r"]) + "\n")
    wanted = f"{path} line 3: {column} {day!r}; give a day such as 2026-01-05, or nothing"
    for read in (read_rules, listed_rules):
        with pytest.raises(RuleError) as error:
            read(path)
        assert str(error.value) == wanted
    forget_erased(path, "gone".__eq__)
    assert path.read_text().endswith(",".join(wrong.values()) + "\n"), "an erasure must not wait for a correction"
    with pytest.raises(RuleError):
        append_rule(tmp_path / "fresh.csv", wrong)


def test_a_day_that_exists_or_is_empty_is_used(tmp_path: Path) -> None:
    path = tmp_path / "rules.csv"
    append_rule(path, rule(first_day="2024-02-29"))
    append_rule(path, rule(last_day="2026-12-31"))
    assert [each[2:4] for each in read_rules(path)] == [("2024-02-29", "9999"), ("0000", "2026-12-31")]
