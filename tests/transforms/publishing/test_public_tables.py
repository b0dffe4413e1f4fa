"""What columns mean, and which cells a spreadsheet would run."""

import pytest

from public_tables import column_descriptions, inert_cell


def test_a_description_is_the_comment_behind_the_column() -> None:
    ddl = """create table t (
    week_start text primary key,  -- Monday -- of the week
    "n" integer check (n > 0),    -- how many
    bare text,
    primary key (week_start, n)   -- no column
) strict"""
    assert column_descriptions(ddl) == {"week_start": "Monday -- of the week", "n": "how many"}
    assert column_descriptions(None) == {}


@pytest.mark.parametrize("cell", ["=1+1", "+a", "-a", "@x", "\t=1", "\r=1"])
def test_what_a_spreadsheet_would_compute_gets_an_apostrophe(cell: str) -> None:
    assert inert_cell(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "a", "1", "-1.5", "+3", "-1e-05", "2-4", "(other)", "'=1"])
def test_what_is_text_or_a_number_stays(cell: str) -> None:
    assert inert_cell(cell) == cell
