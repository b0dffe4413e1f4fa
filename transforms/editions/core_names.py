"""What the release calendar says of versions and series, and how the rows of a table sort.  Pure."""

from vocabulary.catalogue import Catalogue
from vocabulary.release_calendar import days_between
from vocabulary.versions import OTHER, core_order, gem_order, series, stage

_ORDERS = {"core_versions": core_order, "proxy_versions": core_order, "core_series": core_order}


def core_name(name: str, day: str, catalogue: Catalogue) -> tuple[object, ...]:
    """Return the columns of core_names from `series` on, on that day, of a version or series."""
    if name == OTHER:
        return OTHER, OTHER, OTHER, None, None, 1
    calendar, of = catalogue.calendar, series(name)
    released_on = calendar.released_on(name)
    is_known = ("", name) in catalogue.known["core_versions"]
    return (
        of,
        stage(name),
        calendar.freshness(of, day),
        calendar.days_behind(of, day),
        None if released_on is None else days_between(released_on, day),
        is_known or released_on is not None,
    )


def sort_key(mart: str, name: str) -> str:
    """Return a text that sorts the rows of a table in the order a reader expects; '(other)' last."""
    if name.startswith("("):
        return "~~" + name
    if mart == "plugin_versions":
        return gem_order(name)
    if mart in ("sizes", "facts") and name[:1].isdigit():
        return name.split("-")[0].rstrip("+").zfill(12)
    return _ORDERS[mart](name) if mart in _ORDERS else name
