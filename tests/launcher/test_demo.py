"""`make demo` fills an empty log, and only an empty one."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.launcher.conftest import command


def test_a_demo_makes_a_living_dashboard(environment: dict[str, str]) -> None:
    """A small community is simulated, imported and counted by one command."""
    demo = command("launcher.demo", "--installations=80", "--weeks=8", environment=environment)
    assert (demo.returncode, demo.stderr) == (0, "")
    assert demo.stdout.splitlines()[-1].endswith("weeks published. To look at them: make run")
    with closing(sqlite3.connect(Path(environment["POPCON_DATA"]) / "public.db")) as public:
        established = public.execute("select established from weekly_installations order by week_start").fetchall()
    assert len(established) >= 6
    assert max(established)[0] > 40


def test_the_same_demo_has_the_same_figures(environment: dict[str, str], tmp_path: Path) -> None:
    figures = []
    for name in ("one", "other"):
        folder = tmp_path / name
        given = environment | {"POPCON_DATA": str(folder)}
        assert command("launcher.demo", "--installations=60", "--weeks=5", environment=given).returncode == 0
        with closing(sqlite3.connect(folder / "public.db")) as public:
            figures.append(public.execute("select * from weekly_plugins order by 1, 2").fetchall())
    assert figures[0] == figures[1] != []


def test_every_week_of_a_demo_can_be_revised(environment: dict[str, str]) -> None:
    """Found: it was counted with retention on, and nothing was kept of the weeks before the last 13 months."""
    assert command("launcher.demo", "--installations=20", "--weeks=62", environment=environment).returncode == 0
    folder = Path(environment["POPCON_DATA"])
    with closing(sqlite3.connect(folder / "public.db")) as public:
        weeks = {week for (week,) in public.execute("select week_start from weekly_plugins")}
    with closing(sqlite3.connect(folder / "history.db")) as history:
        kept = {week for (week,) in history.execute("select week_start from true_counts")}
    assert len(weeks) > 57
    assert weeks <= kept


def test_a_demo_never_joins_real_uploads(environment: dict[str, str]) -> None:
    """A log that holds an upload is left as it is, and the message says what to do."""
    arguments = ("launcher.demo", "--installations=5", "--weeks=2")
    assert command(*arguments, environment=environment).returncode == 0
    log = Path(environment["POPCON_DATA"]) / "log.db"
    before = log.read_bytes()
    second = command(*arguments, environment=environment)
    assert (second.returncode, second.stdout) == (1, "")
    assert "already holds uploads" in second.stderr
    assert "make demo POPCON_DATA=demo" in second.stderr
    assert log.read_bytes() == before


def test_a_simulation_that_fails_fails_the_demo(environment: dict[str, str]) -> None:
    """What the simulation refuses is not reported as done."""
    demo = command("launcher.demo", "--installations=5", "--weeks=-1", environment=environment)
    assert demo.returncode == 1
    assert "the simulation failed" in demo.stderr
