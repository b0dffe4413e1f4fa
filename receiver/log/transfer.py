"""Import uploads into the log and export them, as newline-delimited JSON.

A line is `{"received_at": "2026-01-05T00:00:00Z", "body": {…}}`, with `"network_tag": "<16 hex digits>"` where known.
"""

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from connection.refusals import Refusal
from receiver.log.gaps import Gaps
from receiver.log.log import Log
from receiver.reports.report import Report, read_report

_BATCH_UPLOADS = 10_000
_SELECT_SLICE = """
select seq, received_at, body, network_tag
from uploads
where seq > ?
order by seq
limit 5000
"""
_MEMBER = rb'"(received_at|network_tag)"\s*:\s*(?:"([^"\\]*)"|null)'
# The body is cut out unchanged, so that it keeps its bytes; `read_report` checks whether it is JSON.
_LINE = re.compile(
    rb"\s*\{\s*((?:%b\s*,\s*)*)\"body\"\s*:\s*(\{.*\})\s*((?:,\s*%b\s*)*)\}\s*" % (_MEMBER, _MEMBER), re.DOTALL
)
_LINE_FORM = '{"received_at": "2026-01-05T00:00:00Z", "body": {…}}, with "network_tag" where known'

DatedReport = tuple[Report, str, bytes | None]


class UnreadableLineError(ValueError):
    """A line that cannot become an upload; the message says why."""


@dataclass
class Imported:
    """What an import did, in lines."""

    appended: int = 0
    already_there: int = 0
    refused: int = 0


def import_lines(
    log: Log,
    lines: Iterable[bytes],
    tell: Callable[[str], None],
    refuses: Callable[[str], bool] = lambda _: False,
    now: str = "9999",
) -> Imported:
    """Append every readable line to the log, in order; `tell` gets a sentence for each other line, with its number.

    `refuses` returns whether a uuid was erased.  A line later than `now` is not appended either: every later upload
    would get its time.  A line older than the last upload is not appended: time never falls
    along the log.  An import that was cut off may be repeated: a line whose upload the log's last second has already
    is not appended, as often as it is there.  Raise sqlite3.Error when the log cannot be written; what was appended
    before stays.
    """
    imported = Imported()
    latest = last_second = log.last_received_at
    already_there = log.uploads_of_last_second()
    batch: list[DatedReport] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            dated = read_line(line)
            if refuses(dated[0].uuid):
                raise UnreadableLineError("its installation was erased")
            if dated[1] > now:
                raise UnreadableLineError(f"received_at {dated[1]} is later than now ({now})")
            if dated[1] < latest:
                raise UnreadableLineError(
                    f"received_at {dated[1]} is earlier than that of the upload before it ({latest})"
                )
        except UnreadableLineError as error:
            imported.refused += 1
            tell(f"line {number}: {error}; not appended")
            continue
        report, latest, network_tag = dated
        upload = (report.uuid, report.body_sha256, network_tag)
        if latest == last_second and already_there[upload]:
            already_there[upload] -= 1
            imported.already_there += 1
            continue
        batch.append(dated)
        if len(batch) == _BATCH_UPLOADS:
            imported.appended += len(log.append_imported(batch))
            batch.clear()
    imported.appended += len(log.append_imported(batch))
    return imported


def export_lines(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield every upload that no purge has recorded, as a line without its line break.  `connection` reads the log.

    It is read in slices: a long transaction would keep the receiver from reusing its WAL.
    """
    gaps = Gaps.read(connection)
    seq = 0
    while rows := connection.execute(_SELECT_SLICE, (seq,)).fetchall():
        for seq, received_at, body, network_tag in rows:  # the next slice begins after the last seq
            if seq not in gaps:
                yield as_line(received_at, body, network_tag)


def as_line(received_at: str, body: str, network_tag: bytes | None) -> str:
    """Return one upload as a line.  Its body is unchanged, but line breaks between tokens become spaces."""
    tag = "" if network_tag is None else f', "network_tag": "{network_tag.hex()}"'
    one_line = body.replace("\r", " ").replace("\n", " ")
    return f'{{"received_at": "{received_at}"{tag}, "body": {one_line}}}'


def read_line(line: bytes) -> DatedReport:
    """Return the report of one line, its time and its network tag.

    Raise UnreadableLineError.
    """
    match = _LINE.fullmatch(line)
    members = dict(re.findall(_MEMBER, match[1] + match[5])) if match else {}
    if not match or b"received_at" not in members:
        raise UnreadableLineError(f"a line is an object {_LINE_FORM}")
    try:
        report = read_report(match[4])
    except Refusal as refusal:
        where = f" ({refusal.where})" if refusal.where else ""
        raise UnreadableLineError(f"its body is refused{where}: {refusal.what} {refusal.what_to_do}") from None
    return report, _utc_seconds(members[b"received_at"]), _tag(members.get(b"network_tag", b""))


def _utc_seconds(text: bytes) -> str:
    try:
        moment = datetime.fromisoformat(text.decode())
    except ValueError:
        raise UnreadableLineError("received_at is not a time such as 2026-01-05T00:00:00Z") from None
    if moment.tzinfo is None:
        raise UnreadableLineError("received_at has no time zone; give UTC, as in 2026-01-05T00:00:00Z")
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _tag(text: bytes) -> bytes | None:
    if not text:
        return None
    if not re.fullmatch(b"[0-9a-f]{16}", text):
        raise UnreadableLineError("network_tag is not 16 hexadecimal digits")
    return bytes.fromhex(text.decode())
