import html
import re

import pytest

from simulation.public_database import TABLES
from tests.dashboard.asking import Get

DEFINED = re.findall(r"create table (\w+) \((.*?)\n\) strict", TABLES, flags=re.DOTALL)


@pytest.mark.parametrize(("table", "body"), DEFINED, ids=[table for table, _ in DEFINED])
def test_every_column_is_described_on_its_page(get: Get, table: str, body: str) -> None:
    columns = get(f"/public/{table}.json?_size=0").json()["columns"]
    page = get(f"/public/{table}").text
    for column in columns:
        written = re.search(rf"^ +{column} .*?-- (.+)$", body, flags=re.MULTILINE)
        assert written is not None
        described = re.search(rf"<dt><code>{column}</code></dt><dd>(.*?)</dd>", page)
        assert described is not None
        assert html.unescape(described[1]) == written[1]


def test_every_table_is_titled_and_listed(get: Get) -> None:
    page = get("/public").text
    for table, _ in DEFINED:
        assert re.search(rf'<a href="/public/{table}">[A-Z][^<]+</a> <code>{table}</code>', page)
