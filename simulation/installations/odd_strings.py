"""Odd strings that real servers report, at their real rarity."""

from datetime import date
from typing import Any, NamedTuple

from simulation.chance import Weighted
from simulation.tables import FACTS, rows


class Odd(NamedTuple):
    """An odd string of `facts/odd_strings.csv`; `text` None stands for JSON's null."""

    field: str
    subject: str
    text: str | None


def odds(day: int) -> Weighted[Odd | None]:
    """Return the odd strings that existed on that day, to draw from; mostly None."""
    seen = [row for row in rows(FACTS, "odd_strings.csv") if date.fromisoformat(row["seen_from"]).toordinal() <= day]
    shares = [(Odd(row["field"], row["subject"], row["text"] or None), float(row["per_million"])) for row in seen]
    return Weighted([*shares, (None, 1e6 - sum(share for _, share in shares))])


def make_odd(report: dict[str, Any], odd: Odd) -> None:
    """Put the odd string where a real one was seen; an installation without such a place stays as it is."""
    if odd.field == "proxy" and report["proxies"]:
        report["proxies"][-1]["version"] = odd.text
    elif odd.field == "plugin":
        for plugin in report["plugins"]:
            if plugin["name"] == odd.subject:
                plugin["version"] = odd.text
    elif odd.field == "plugin_added":
        report["plugins"].append({"name": odd.subject, "version": odd.text})
    elif odd.field == "feature":
        for proxy in report["proxies"]:
            proxy["features"] = [odd.text if name == odd.subject else name for name in proxy["features"]]
    elif odd.field == "compute_resource":
        report["compute_resources"] = [
            odd.text if name.casefold() == odd.subject else name for name in report["compute_resources"]
        ]
