import asyncio
from pathlib import Path

from dashboard.servers import public_app
from simulation.public_database import publish
from tests.dashboard.asking import asking, settings_in


def test_an_annotation_is_drawn_into_each_curve_and_explained(runner: asyncio.Runner, tmp_path: Path) -> None:
    publish(tmp_path / "public.db", weeks=12)
    site = public_app(settings_in(tmp_path))
    get = asking(runner, site)
    assert 'class="note"' not in get("/public/installations").text
    assert "None so far." in get("/quality").text

    site.annotations = [
        {"week_start": "2023-12-11", "words": "A flood of made-up reports was set aside."},
        {"week_start": "2019-01-07", "words": "Long before."},
    ]
    assert get("/public/installations?_header=1").text.count('class="note"') == 1
    assert get("/public/series_over_time.svg?_header=1").text.count('class="note"') == 1
    assert get("/public/plugin_ranking.svg?_header=1").text.count('class="note"') == 0
    publish(tmp_path / "public.db", weeks=13)
    assert "Week of 11 December 2023: A flood of made-up reports was set aside." in get("/quality").text
    site.linked.close()
