"""The weeks that are published already: what is imported into them comes too late for their figures."""

import sqlite3
from contextlib import closing
from pathlib import Path

from files import open_read_only

_UPLOADS = """
select
    date(received_at, 'weekday 0', '-6 days') as week_start,
    count(*) as uploads
from uploads
where seq > ?
group by week_start
"""


def late_in_words(log: sqlite3.Connection, editions: Path, after_seq: int) -> str:
    """Return a sentence on the uploads after `after_seq` that are of published weeks; '' where there are none."""
    published = _published_weeks(editions)
    late = {week: uploads for week, uploads in log.execute(_UPLOADS, (after_seq,)) if week in published}
    if not late:
        return ""
    weeks = (
        f"the week of {min(late)}, which is" if len(late) == 1 else f"weeks from {min(late)} to {max(late)}, which are"
    )
    return (
        f"{sum(late.values())} of them are of {weeks} published already: what is published stays, and these uploads "
        "count from the next edition on."
    )


def _published_weeks(editions: Path) -> set[str]:
    """Return their Mondays; none where editions.db is missing or cannot be read, of which the next refresh tells."""
    try:
        with closing(open_read_only(editions)) as connection:
            return {week for (week,) in connection.execute("select week_start from editions")}
    except sqlite3.DatabaseError:
        return set()
