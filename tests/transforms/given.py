"""Given rows, expected rows: a log on real SQLite, filled with a few reports, and what the transforms make of it."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from checksums import rewritten
from settings import Settings
from transforms.pipeline import Refreshed, refresh

LOG_SCHEMA = Path(__file__).parents[2] / "receiver" / "log" / "log.sql"
FIRST_MONDAY = date(2026, 1, 5)
LATER = datetime(2026, 11, 23, 12, tzinfo=UTC)  # a Monday on which every week of the tests is closed


def monday(week: int) -> str:
    """Return `week_start` of a week, counted from 0."""
    return (FIRST_MONDAY + timedelta(weeks=week)).isoformat()


def moment(week: int, day: int = 2, hour: int = 12) -> str:
    return f"{(FIRST_MONDAY + timedelta(weeks=week, days=day)).isoformat()}T{hour:02}:00:00Z"


def uuid(number: int) -> str:
    return f"{number:08}-0000-4000-8000-000000000000"


@dataclass
class Given:
    """A folder with a log.  Everything is looked at through the databases, as a stranger would."""

    folder: Path
    environment: dict[str, str]

    @property
    def settings(self) -> Settings:
        return Settings.from_environment({"POPCON_DATA": str(self.folder), **self.environment})

    def upload(self, who: int, week: int, *, at: str = "", tag: str | None = None, **report: Any) -> None:
        """Append a report of installation `who`; its uuid and a core version are added."""
        body = {"uuid": uuid(who), "core_version": "3.12.0", **report}
        self.append([(at or moment(week), body, tag)])

    def uploads(self, who: Iterable[int], weeks: Iterable[int], **report: Any) -> None:
        """Append the same report of several installations in several weeks, in order of time."""
        people = list(who)
        self.append(
            (moment(week), {"uuid": uuid(one), "core_version": "3.12.0", **report}, None)
            for week in weeks
            for one in people
        )

    def append(self, uploads: Iterable[tuple[str, dict[str, Any], str | None]]) -> None:
        """Append (received_at, body, network tag in hex)."""
        with closing(sqlite3.connect(self.settings.log)) as log:
            log.executescript(LOG_SCHEMA.read_text())
            log.execute("pragma synchronous = off")
            last = "select max(seq) from (select seq from uploads union all select last_seq from gaps)"
            start = (log.execute(last).fetchone()[0] or 0) + 1
            log.executemany(
                "insert into uploads (seq, received_at, uuid, body, body_sha256, configuration, network_tag)"
                " values (?, ?, ?, ?, ?, ?, ?)",
                (_row(seq, *upload) for seq, upload in enumerate(uploads, start)),
            )
            end = log.execute("select max(seq) from uploads").fetchone()[0] or 0
            if end >= start:
                log.execute("insert into imports values (?, ?)", (start, end))  # their times are given, not a clock's
            log.commit()

    def erase(self, who: int) -> None:
        self.erase_uuid(uuid(who))

    def erase_uuid(self, who: str) -> None:
        """Record the erasure of an installation as the receiver does; its bytes stay in the log until `purge`."""
        with closing(sqlite3.connect(self.settings.log)) as log:
            recorded = "insert into purges (reason, recorded_at) values ('erasure', '2026-11-23T00:00:00Z')"
            purge_id = log.execute(recorded).lastrowid
            gaps = "insert into gaps select seq, seq, ? from uploads where uuid = ? order by seq"
            log.execute(gaps, (purge_id, who))
            log.commit()

    def purge(self) -> None:
        """Delete what is recorded in gaps, as the receiver does at night."""
        with closing(sqlite3.connect(self.settings.log)) as log:
            log.execute("delete from uploads where seq in (select first_seq from gaps)")
            log.commit()
            log.execute("vacuum")

    def refresh(self, now: datetime = LATER, *, rebuild: bool = False) -> Refreshed:
        return refresh(self.settings, now, rebuild)

    def public(self, select: str) -> list[tuple[Any, ...]]:
        return self._rows(self.settings.public, select)

    def views(self, select: str) -> list[tuple[Any, ...]]:
        return self._rows(self.settings.views, select)

    def files_with(self, *planted: str) -> set[str]:
        """Return the names of the files, except the log's, in which any of these stands."""
        files = [path for path in self.folder.rglob("*") if path.is_file() and not path.name.startswith("log.")]
        return {path.name for path in files if any(each.encode() in path.read_bytes() for each in planted)}

    def contents(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return every public table and the latest-per-uuid views, by name."""
        tables = self.public("select name from sqlite_master where type = 'table'")
        views = self.views("select name from sqlite_master where type = 'view'")
        return {name: sorted(self.public(f"select * from {name}"), key=repr) for (name,) in tables} | {
            f"views.{name}": sorted(self.views(f"select * from {name}"), key=repr) for (name,) in views
        }

    def figures(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return every public table but the one that says when each week was published."""
        tables = self.public("select name from sqlite_master where type = 'table' and name <> 'editions'")
        return {name: sorted(self.public(f"select * from {name}"), key=repr) for (name,) in tables}

    def _rows(self, database: Path, select: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
            return connection.execute(select).fetchall()


def forget_what_was_published(settings: Settings) -> None:
    """Remove every trace of the published weeks, as nobody does: all that the log has is then published anew."""
    for path in (settings.editions, settings.editions.with_suffix(".mark"), settings.public):
        path.unlink()
    if not settings.history.exists():
        return
    with rewritten(settings.history) as history:
        if history.execute("select 1 from sqlite_schema where name = 'true_counts'").fetchone():
            history.execute("delete from true_counts")


def _row(seq: int, received_at: str, body: dict[str, Any], tag: str | None) -> tuple[object, ...]:
    text = json.dumps(body)
    rest = {key: value for key, value in body.items() if key != "uuid"}
    return (
        seq,
        received_at,
        body["uuid"],
        text,
        hashlib.sha256(text.encode()).digest(),
        hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).digest()[:16],
        None if tag is None else bytes.fromhex(tag),
    )
