"""Contrast by WCAG 2.1: 4.5 for text, 3 for what else must be seen, in light and in dark."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[3] / "dashboard" / "static"


def colours(name: str, scheme: str) -> dict[str, tuple[int, ...]]:
    light, _, dark = (STATIC / name).read_text(encoding="utf-8").partition("@media (prefers-color-scheme: dark)")
    text = light + dark if scheme == "dark" else light
    found = re.findall(r"--([a-z0-9-]+): #([0-9a-f]{6});", text)
    return {variable: tuple(bytes.fromhex(value)) for variable, value in found}


def contrast(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    def luminance(colour: tuple[int, ...]) -> float:
        parts = [c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


schemes = pytest.mark.parametrize("scheme", ["light", "dark"])


@schemes
def test_text_of_the_pages_is_readable(scheme: str) -> None:
    c = colours("site.css", scheme)
    for text in ("ink", "quiet", "accent"):
        for ground in ("paper", "wash"):
            assert contrast(c[text], c[ground]) >= 4.5, (text, ground)
    assert contrast(c["on-accent"], c["accent"]) >= 4.5


@schemes
def test_text_and_lines_of_the_charts_are_readable(scheme: str) -> None:
    c = colours("chart.css", scheme)
    for text in ("c-ink", "c-quiet", *(f"c{i}" for i in range(6))):
        assert contrast(c[text], c["c-paper"]) >= 4.5, text
    assert contrast(c["c-accent"], c["c-track"]) >= 3
    assert contrast(c["c-rest-ink"], c["c-rest"]) >= 4.5
    for shade in range(9):
        ink = "r-early" if shade < 5 else "r-mid" if shade == 5 else "r-late"
        assert contrast(c[ink], c[f"r{shade}"]) >= 4.5, shade


@schemes
def test_the_shades_of_the_ramp_keep_one_direction(scheme: str) -> None:
    """So that they are told apart by lightness alone."""
    c = colours("chart.css", scheme)
    steps = [contrast(c[f"r{i}"], c["c-paper"]) for i in range(9)]
    assert all(later / earlier > 1.1 for earlier, later in pairwise(steps))
