"""Weeks, named by their Monday (UTC) as `YYYY-MM-DD`, which sorts as time does."""

from datetime import date, timedelta


def monday(day: date) -> date:
    """Return the Monday of the week that holds `day`."""
    return day - timedelta(days=day.weekday())


def week_of(moment: str) -> str:
    """Return the week that holds a day or moment, given as text in ISO 8601, UTC."""
    return monday(date.fromisoformat(moment[:10])).isoformat()


def weeks_later(week_start: str, weeks: int) -> str:
    """Return the week so many weeks later; earlier where `weeks` is negative."""
    return (date.fromisoformat(week_start) + timedelta(weeks=weeks)).isoformat()


def year_before(week_start: str) -> str:
    """Return the week 52 weeks earlier."""
    return weeks_later(week_start, -52)


def last_day(week_start: str) -> str:
    """Return the Sunday of a week."""
    return (date.fromisoformat(week_start) + timedelta(days=6)).isoformat()
