"""The result of a canned query as it is shown: its caption, its chart, the addresses of its files."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from urllib.parse import quote, urlencode

from markupsafe import Markup

from dashboard.addresses import Addresses, with_week
from dashboard.charts import Caption, draw, picture, tag
from dashboard.questions.queries import Query, Rows


@dataclass(frozen=True)
class Result:
    """`values`: of the query's parameters.  `folder`: where its address begins."""

    query: Query
    found: Rows
    values: Mapping[str, str]
    caption: Caption
    folder: str
    urls: Addresses

    @property
    def chart(self) -> Markup:
        """For the inside of a page; empty where there is nothing to draw.  Every name in it is escaped."""
        chart = self.query.chart
        if chart is None:
            return Markup("")
        beginning = self.query.links.get(chart.x) if chart.kind == "bars" else None
        link = partial(self._link, beginning) if beginning else None
        drawn = draw(chart, self.found.columns, self.found.rows, self.caption, link)
        # What chart.js needs to read out a week; bars have their numbers written next to them.
        source = {"data_values": self.address("json"), **chart.spoken()}
        return Markup(tag("div", drawn, class_="drawn", **source) if drawn else "")  # noqa: S704 - made of escaped parts

    @property
    def asked(self) -> str:
        """The week, if the rows name it; and how many the shares are of, where these are fewer than are established."""
        whole, established = _whole(self.query, self.found), self.caption.established
        week = self.query.chart.week(self.found.columns, self.found.rows) if self.query.chart else None
        said = [f"The figures are of the week of {week_in_words(week)}."] if week else []
        if whole is not None and established is not None and whole != established:
            said.append(f"{whole:,} of the {established:,} established installations report this.")
        return " ".join(said)

    @property
    def picture(self) -> str | None:
        chart = self.query.chart
        return picture(chart, self.found.columns, self.found.rows, self.caption) if chart else None

    @property
    def count_if_cut(self) -> int | None:
        """How many bars there would be, where the chart shows only the first."""
        chart = self.query.chart
        if chart is None or chart.kind != "bars" or not chart.top:
            return None
        return len(self.found.rows) if len(self.found.rows) > chart.top else None

    def address(self, form: str = "") -> str:
        return self.urls.path(address(self.query, self.folder, self.values, form))

    def permalink(self, week: str) -> str:
        """`week`: the one that is shown."""
        return with_week(self.address(), week)

    def _link(self, beginning: str, name: str) -> str:
        return self.urls.path(beginning + quote(name, safe=""))


def address(query: Query, folder: str, values: Mapping[str, str], form: str = "") -> str:
    """Of a canned query's page, or of its result as csv, json or svg."""
    known = {parameter.name for parameter in query.parameters}
    arguments = urlencode({key: value for key, value in values.items() if key in known and value})
    return f"/{folder}/{query.name}" + (f".{form}" if form else "") + (f"?{arguments}" if arguments else "")


def installations_asked(query: Query, found: Rows, established: int | None) -> str:
    """Behind the week in a caption; where fewer were asked than are established, how many."""
    if established is None:
        return ""
    whole = _whole(query, found)
    part = f"{whole:,} of " if whole is not None and whole != established else ""
    return f" · {part}{established:,} established installations"


def _whole(query: Query, found: Rows) -> int | None:
    """Return how many the shares of a chart are of, if there is one and it says so."""
    return query.chart.whole(found.columns, found.rows) if query.chart else None


def week_in_words(day: object) -> str:
    """16 November 2026; what is no date stays as it is."""
    try:
        found = day if isinstance(day, date) else date.fromisoformat(str(day))
    except ValueError:
        return str(day)
    return f"{found.day} {found:%B %Y}"


def week_span(monday: date) -> str:
    """From its Monday to its Sunday; the month and year of the Monday only where those of the Sunday differ."""
    sunday = monday + timedelta(days=6)
    if monday.month == sunday.month:
        return f"{monday.day}\N{EN DASH}{week_in_words(sunday)}"
    begin = week_in_words(monday) if monday.year != sunday.year else f"{monday.day} {monday:%B}"
    return f"{begin} \N{EN DASH} {week_in_words(sunday)}"
