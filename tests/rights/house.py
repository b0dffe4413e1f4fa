"""Receiver and transforms as an operator runs them, and every byte they leave in their folder."""

import gzip
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from settings import Settings
from tests.receiver.running import ROOT, Receiver, environment_of
from transforms.pipeline import Refreshed, refresh

Line = dict[str, Any]
# Exact figures can be compared; without a wait, the tests say the same on every day of the week.
SETTINGS = {"POPCON_MIN_GROUP": "3", "POPCON_NOISE": "0", "POPCON_PUBLISH_AFTER_DAYS": "0"}


def uuid(number: int) -> str:
    return f"{number:08x}-5eed-4000-8000-{number:012x}"


def moment(weeks_ago: int, second: int = 0) -> str:
    """Return a moment in the middle of a week so long ago; 1 is the last one that is closed."""
    today = datetime.now(UTC)
    monday = (today - timedelta(days=today.weekday(), weeks=weeks_ago)).replace(hour=0, minute=0, second=0)
    return (monday + timedelta(days=2, seconds=second)).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class House:
    """A context manager: the receiver runs inside `running()` only, commands run at any time."""

    data: Path
    settings_given: dict[str, str] = field(default_factory=lambda: dict(SETTINGS))

    def __enter__(self) -> "House":
        self.data.mkdir()
        return self

    def __exit__(self, *_: object) -> None:
        pass

    @property
    def settings(self) -> Settings:
        return Settings.from_environment({"POPCON_DATA": str(self.data), **self.settings_given})

    def running(self) -> Receiver:
        given = {variable: value for variable, value in self.settings_given.items() if variable != "POPCON_NOISE"}
        return Receiver(self.data, environment=given)  # without the warning that exact figures deserve

    def bring_in(self, uploads: list[tuple[int, Line]], **further: Any) -> None:
        """Import (weeks ago, report) in order of time."""
        lines = [
            json.dumps({"received_at": moment(week, second), "body": report, **further})
            for second, (week, report) in enumerate(sorted(uploads, key=lambda upload: -upload[0]))
        ]
        file = self.data.with_name("uploads.ndjson")
        file.write_text("\n".join(lines))
        done = self.command("receiver", "import-log", str(file))
        assert f"{len(lines)} uploads appended, 0 lines refused" in done.stdout, done.stderr

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            env=environment_of(self.data, **self.settings_given),
            capture_output=True,
            text=True,
            check=False,
        )

    def succeed(self, *arguments: str) -> str:
        done = self.command(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def refresh(self, *, rebuild: bool = False) -> Refreshed:
        return refresh(self.settings, datetime.now(UTC), rebuild)

    def files(self) -> dict[str, bytes]:
        """Return every file of the folder by name; what is compressed as it inflates."""
        found = {}
        for path in self.data.rglob("*"):
            if path.is_file() and not path.is_symlink():
                content = path.read_bytes()
                found[str(path.relative_to(self.data))] = gzip.decompress(content) if path.suffix == ".gz" else content
        return found

    def files_with(self, *planted: str) -> set[str]:
        """Return the names of the files in which any of these occurs, in any case of letters."""
        wanted = [each.lower().encode() for each in planted]
        return {name for name, content in self.files().items() if any(each in content.lower() for each in wanted)}

    def public(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return the rows of every public table."""
        names = self.rows("public", "select name from sqlite_master where type = 'table'")
        return {name: sorted(self.rows("public", f"select * from {name}"), key=repr) for (name,) in names}

    def figures(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return the same without what is said of the editions."""
        return {table: rows for table, rows in self.public().items() if table != "editions"}

    def revise(self, reason: str) -> str:
        """Count every published week again."""
        first = self.rows("public", "select min(week_start) from editions")[0][0]
        return self.succeed("transforms", "revise", "--from", first, f"--reason={reason}")

    def rows(self, database: str, select: str, *parameters: object) -> list[tuple[Any, ...]]:
        path = self.data / f"{database}.db"
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            return connection.execute(select, parameters).fetchall()
