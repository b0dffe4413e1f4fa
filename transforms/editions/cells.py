"""Which cell each published figure is of: what `revise` needs to know of a week that is published.  Pure."""

from collections.abc import Iterator, Mapping

from transforms.editions.edition import Table
from transforms.weeks.draws import Cell

_NONE = Table((), ())
# By table: the mart, and the columns of the parent and of the name.
_CELLS = {
    "plugin_pairs": ("plugin_pairs", "plugin", "other_plugin"),
    "plugin_series": ("plugin_series", "plugin", "series"),
    "series_adoption": ("adoption", "", "series"),
    "weekly_compute_resources": ("compute_resources", "", "compute_resource"),
    "weekly_core_series": ("core_series", "", "series"),
    "weekly_core_versions": ("core_versions", "", "core_version"),
    "weekly_facts": ("facts", "key", "value"),
    "weekly_freshness": ("freshness", "", "freshness"),
    "weekly_plugin_versions": ("plugin_versions", "plugin", "version"),
    "weekly_plugins": ("plugins", "", "plugin"),
    "weekly_proxy_features": ("proxy_features", "", "feature"),
    "weekly_proxy_skew": ("proxy_skew", "", "skew"),
    "weekly_proxy_versions": ("proxy_versions", "", "version"),
    "weekly_retention": ("quarters", "", "first_seen_quarter"),
    "weekly_sizes": ("sizes", "counted", "band"),
}


def cells_of(tables: Mapping[str, Table]) -> dict[Cell, int]:
    """Return the published figure of every cell of a week."""
    return dict(_cells(tables))


def _cells(tables: Mapping[str, Table]) -> Iterator[tuple[Cell, int]]:
    for table, (mart, parent, name) in _CELLS.items():
        for row in tables.get(table, _NONE).dicts():
            if table == "weekly_sizes" and row["counted"] == "hosts":
                continue  # the same cells as in weekly_facts
            if table == "plugin_pairs" and row["plugin"] > row["other_plugin"]:
                continue  # the same cell the other way round
            yield (mart, row[parent] if parent else "", row[name]), row["installations"]
    for row in tables.get("weekly_facts", _NONE).dicts():
        yield ("reported_facts", "", row["key"]), row["n"]
    for row in tables.get("weekly_set_aside", _NONE).dicts():
        yield ("set_aside" if row["scope"] == "part" else "left_out", "", row["reason"]), row["installations"]
    for row in tables.get("weekly_installations", _NONE).dicts():
        for total in ("active", "established"):
            if row[total] is not None:
                yield ("totals", "", total), row[total]
