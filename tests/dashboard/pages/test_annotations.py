import asyncio
import re
from pathlib import Path

from dashboard.servers import public_app
from simulation.public_database import publish
from tests.dashboard.asking import Get, asking, settings_in


def test_an_annotation_is_drawn_into_each_curve_and_explained(runner: asyncio.Runner, tmp_path: Path) -> None:
    publish(tmp_path / "public.db", weeks=12)
    site = public_app(settings_in(tmp_path))
    get = asking(runner, site)
    assert 'class="note"' not in get("/public/installations").text
    assert "That has not happened so far." in get("/quality").text

    site.annotations = [
        {"week_start": "2023-12-11", "words": "A flood of made-up reports was set aside."},
        {"week_start": "2019-01-07", "words": "Long before."},
    ]
    assert get("/public/installations?_header=1").text.count('class="note"') == 1
    assert get("/public/series_over_time.svg?_header=1").text.count('class="note"') == 1
    assert get("/public/plugin_ranking.svg?_header=1").text.count('class="note"') == 0
    publish(tmp_path / "public.db", weeks=13)
    page = get("/quality").text
    assert '<td class="n">1</td><td>A flood of made-up reports was set aside.</td><td>11 December 2023</td>' in page
    site.linked.close()


def test_weeks_that_were_counted_again_are_marked_and_listed_with_reason_and_day(get: Get) -> None:
    page = get("/quality").text
    row = (
        '<td class="n">1</td><td>Reports of a flood from one network are set aside</td>'
        '<td>8 April 2024 to 22 April 2024</td> <td class="s">26 June 2024</td>'
    )
    assert row in re.sub(r"\s+", " ", page)
    assert get("/public/installations").text.count('class="note"') == 1
    assert 'class="note"' not in get("/public/installations?week=2024-04-01").text
    assert "That has not happened so far." in get("/quality?week=2024-04-01").text
    assert "8 April 2024 to 15 April 2024" in get("/quality?week=2024-04-15").text
