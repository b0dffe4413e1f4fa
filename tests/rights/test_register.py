"""One register of fields, and everything that speaks of fields agrees with it."""

import re
import urllib.request
from pathlib import Path

import pytest

from dashboard.questions.queries import load_metadata
from receiver.http.openapi import describe
from sender import foreman_popcon
from simulation.public_database import TABLES
from tests.receiver.running import EXAMPLE, ROOT, Receiver
from vocabulary.fields import Field, read_fields
from vocabulary.keys import band

FIELDS = read_fields()
HEADER = "key,type,title,why,sent,switch,published,tables,kind,bands,stands_for\n"
PRIVACY = (ROOT / "PRIVACY.md").read_text(encoding="utf-8")
# What counts installations, not what they say.
OF_NO_FIELD = {"editions", "publication", "weekly_installations", "weekly_retention", "weekly_set_aside"}


def test_the_api_description_has_every_field_with_its_words() -> None:
    described = describe("0")["components"]["schemas"]["Report"]["properties"]
    assert list(described) == [field.key for field in FIELDS]
    assert all(field.title in described[field.key]["description"] for field in FIELDS)


def test_the_senders_bands_are_those_of_the_register() -> None:
    of_hosts = next(field for field in FIELDS if field.key == "hosts_band")
    assert tuple(foreman_popcon.HOSTS_BANDS) == of_hosts.bands
    assert [foreman_popcon.band(count, of_hosts.bands) for count in range(25_000)] == [
        band(count, of_hosts.bands) for count in range(25_000)
    ]


def test_every_key_of_the_example_is_in_the_register() -> None:
    assert set(EXAMPLE) <= {field.key for field in FIELDS}


def test_what_is_published_has_its_tables_and_they_say_so(tables_sql: str) -> None:
    """Every table counts fields of the register, and its description on the dashboard has their words."""
    tables = set(re.findall(r"create table (\w+) \(", tables_sql))
    counted = {table for field in FIELDS for table in field.tables}
    assert counted == tables - OF_NO_FIELD
    assert [field.key for field in FIELDS if bool(field.tables) != field.is_published] == []
    described = load_metadata("public")["databases"]["public"]["tables"]
    for field in FIELDS:
        assert all(f"{field.key} ({field.title})" in described[table]["description"] for table in field.tables)
    assert "uuid" not in re.findall(r"^    (\w+) \w+.*--", tables_sql, re.MULTILINE)


@pytest.fixture
def tables_sql() -> str:
    return TABLES


def test_a_third_answer_to_published_is_a_fault(tmp_path: Path) -> None:
    register = tmp_path / "fields.csv"
    register.write_text(HEADER + "x,text,t,w,no,no,perhaps,,,,\n")
    with pytest.raises(ValueError, match="not in"):
        read_fields(register)
    register.write_text(HEADER + "x,text,t,w,no,no,yes,,number,0 10,\n")
    assert read_fields(register) == [Field("x", "text", "t", "w", is_published=True, kind="number", bands=(0, 10))]


def test_privacy_can_be_read_at_the_receiver(receiver: Receiver) -> None:
    """`/` links to it, and it is the file as it stands."""
    assert 'href="PRIVACY.md"' in page(receiver, "/")
    assert page(receiver, "/PRIVACY.md") == PRIVACY


def page(receiver: Receiver, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{receiver.port}{path}") as response:
        return str(response.read().decode())
