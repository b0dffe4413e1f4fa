"""What each kind of trouble changes in the headline.

`python -m tests.transforms.scenarios` prints the table of docs/figures.md.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from simulation.community import Community
from tests.transforms.given import Given
from tests.transforms.simulated import NOW, SCENARIOS, UNTIL, fill, uploads

INSTALLATIONS, WEEKS, SEED = 3000, 20, 7
# The headline, the largest share of a plugin and of a series, and the plugin that the stuffers want to see.
FIGURES = {
    "established": "select week_start, established from weekly_installations",
    "largest series, %": "select week_start, 100 * max(share) from weekly_core_series group by week_start",
    "largest plugin, %": "select week_start, 100 * max(share) from weekly_plugins group by week_start",
    **{
        plugin: f"select week_start, installations from weekly_plugins where plugin = '{plugin}'"
        for plugin in ("foreman_omaha", "foreman_wreckingball")
    },
}


def figures(given: Given) -> dict[str, dict[str, float]]:
    """Return each figure by week."""
    return {name: dict(given.public(select)) for name, select in FIGURES.items()}


def greatest_change(honest: dict[str, float], troubled: dict[str, float]) -> float:
    """Return the change that is farthest from 0 in any week."""
    changes = [troubled.get(week, 0) - honest.get(week, 0) for week in honest.keys() | troubled.keys()]
    return max(changes, key=abs, default=0)


def table(folder: Path, installations: int, weeks: int) -> list[tuple[str, dict[str, float]]]:
    """Return for each scenario the greatest change of each figure."""
    honest = figures(fill(folder / "honest", uploads(installations, weeks, SEED)))
    rows = []
    for scenario in SCENARIOS:
        troubled = figures(fill(folder / scenario, uploads(installations, weeks, SEED, [scenario])))
        rows.append((scenario, changes(honest, troubled)))
        if scenario == "botnet":
            ruled = Given(folder / scenario, {})
            ruled.settings.rules.write_text(rule_against_botnet(installations, weeks))
            ruled.refresh(NOW)
            rows.append(("botnet, set aside by a rule", changes(honest, figures(ruled))))
    return rows


def rule_against_botnet(installations: int, weeks: int) -> str:
    """Return the rule an operator would write who saw the plugin grow, and when."""
    made = Community(installations, weeks, SEED, until=UNTIL, scenarios=["botnet"]).uploads()
    times = [upload.received_at for upload in made if upload.scenario == "botnet"]
    first, last = (datetime.fromtimestamp(time, UTC).date() for time in (times[0], times[-1]))
    rule = f"plugin,foreman_wreckingball,{first},{last},a botnet"
    return f"field,value,first_day,last_day,reason\n{rule}\n"


def changes(honest: dict[str, dict[str, float]], troubled: dict[str, dict[str, float]]) -> dict[str, float]:
    """Return the greatest change of each figure."""
    return {name: greatest_change(honest[name], troubled[name]) for name in FIGURES}


if __name__ == "__main__":
    with TemporaryDirectory() as name:
        sys.stdout.write(f"| scenario | {' | '.join(FIGURES)} |\n|---{'|---' * len(FIGURES)}|\n")
        for scenario, of_figures in table(Path(name), INSTALLATIONS, WEEKS):
            cells = " | ".join(f"{change:+.1f}" if change % 1 else f"{change:+.0f}" for change in of_figures.values())
            sys.stdout.write(f"| {scenario} | {cells} |\n")
