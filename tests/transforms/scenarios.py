"""What each kind of trouble changes in the headline.

`python -m tests.transforms.scenarios` prints the table of docs/figures.md.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.transforms.given import Given
from tests.transforms.simulated import SCENARIOS, fill, uploads

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
        rows.append((scenario, {name: greatest_change(honest[name], troubled[name]) for name in FIGURES}))
    return rows


if __name__ == "__main__":
    with TemporaryDirectory() as name:
        sys.stdout.write(f"| scenario | {' | '.join(FIGURES)} |\n|---{'|---' * len(FIGURES)}|\n")
        for scenario, changes in table(Path(name), INSTALLATIONS, WEEKS):
            cells = " | ".join(f"{change:+.1f}" if change % 1 else f"{change:+.0f}" for change in changes.values())
            sys.stdout.write(f"| {scenario} | {cells} |\n")
