import asyncio
import re
import sqlite3
from contextlib import closing
from pathlib import Path

from dashboard.servers import public_app
from simulation.public_database import publish
from tests.dashboard.asking import Get, asking, settings_in


def words_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def test_it_says_what_the_noise_means_with_a_worked_example(get: Get) -> None:
    words = words_of(get("/method").text)
    for said in (
        "a whole number from \N{MINUS SIGN}5 to +5 is added",
        "its standard deviation is 2",
        "every figure is off by up to 5",
        "figures that should add up do not",
        "is the difference of two published figures, and can be off by 10",
        "the group behind it may be smaller by up to 5",
        "every 13 weeks only, for plugins with a figure of at least 25, and shown from 10 on",
        "made wider by the noise",
        "The published figure is 977; the true number is between 972 and 982.",
        "is 730; the true number is between 725 and 735.",
        "977 \N{MINUS SIGN} 730 = 247 installations do not have it, give or take 10.",
        "?week=2025-01-06",
    ):
        assert said in words, said
    assert "each with a little noise" in words_of(get("/").text)


def test_without_noise_it_says_that_figures_are_exact(runner: asyncio.Runner, tmp_path: Path) -> None:
    publish(tmp_path / "public.db", weeks=4)
    with closing(sqlite3.connect(tmp_path / "public.db")) as connection, connection:
        connection.execute("update publication set noise = 0")
        connection.execute("update editions set noise = 0")
    site = public_app(settings_in(tmp_path))
    get = asking(runner, site)
    for path in ("/method", "/method?week=2023-12-04", "/", "/quality"):
        words = words_of(get(path).text)
        assert "off by up to" not in words, path
        assert "a little noise" not in words, path
        assert "between" not in words or path == "/", path
    assert "here the figures are exact" in words_of(get("/method").text)
    site.linked.close()


def test_rows_of_single_installations_are_called_what_they_are(runner: asyncio.Runner, tmp_path: Path) -> None:
    publish(tmp_path / "public.db", weeks=4)
    site = public_app(settings_in(tmp_path))
    get = asking(runner, site)
    assert "pseudonymous" not in get("/method").text
    assert "Single installations, their identifiers" in words_of(get("/").text)
    publish(tmp_path / "public.db", weeks=4)
    with closing(sqlite3.connect(tmp_path / "public.db")) as connection:
        connection.execute("create table uploads (id integer primary key, core_version text) strict")
    assert "These rows are pseudonymous, not anonymous" in words_of(get("/method").text)
    for path in ("/", "/take-part"):
        words = words_of(get(path).text)
        assert "Single installations, their identifiers" not in words
        assert "This community also publishes the latest report of each installation" in words
    site.linked.close()
