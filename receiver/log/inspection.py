"""Check the log before it is opened for writing, and refuse to start if it is damaged or lost."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from receiver import limits
from receiver.log.gaps import Gaps
from receiver.log.high_water_mark import MARK_NAME, HighWaterMark, UnreadableMarkError, read_high_water_mark
from receiver.log.integrity import (
    Fault,
    faults_of_end,
    faults_of_file,
    faults_of_structure,
    faults_of_uploads,
    last_seq,
    open_for_reading,
)
from receiver.log.opening import DAMAGE

_FAULTS_NAMED = 3


class DamagedLogError(RuntimeError):
    """The log is not intact; the message names the places and says what to do."""

    def __init__(self, path: Path, faults: list[Fault]) -> None:
        named = "; ".join(str(fault) for fault in faults[:_FAULTS_NAMED])
        more = f"; and {len(faults) - _FAULTS_NAMED} more" if len(faults) > _FAULTS_NAMED else ""
        super().__init__(
            f"{path} is damaged: {named}{more}. Nothing was changed. Keep the folder as it is and copy it; then "
            "restore the last backup, or save the intact uploads to a file with `make salvage FILE=intact.ndjson`. "
            'docs/receiver.md, "Refusals to start", has the steps.'
        )


def inspect(path: Path) -> None:
    """Raise DamagedLogError when the end of the log is not intact, or the log is gone.  Nothing is written."""
    mark = read_high_water_mark(path.parent)
    faults = [*_faults_of_presence(path, mark)]
    if not faults and path.exists() and path.stat().st_size:
        faults = [*_faults_of_tail(path, mark)]
    if faults:
        raise DamagedLogError(path, faults)


def check_everything(path: Path) -> Iterator[Fault]:
    """Yield every fault of the log, from its first upload to its last."""
    try:
        mark = read_high_water_mark(path.parent)
    except UnreadableMarkError as error:
        yield Fault(MARK_NAME, str(error))
        mark = None
    faults = [*_faults_of_presence(path, mark)]
    yield from faults
    if faults:
        return
    with closing(open_for_reading(path)) as connection:
        yield from faults_of_structure(connection, path)
        gaps = Gaps()
        try:
            gaps = Gaps.read(connection)
            last = last_seq(connection, gaps)
            yield from faults_of_end(connection, last, gaps, mark)
            yield from faults_of_file(connection, path)
        except DAMAGE as error:
            yield Fault(path.name, str(error))
            last = mark.seq if mark else 0
        yield from faults_of_uploads(connection, 1, last, gaps, deep=True)


def _faults_of_presence(path: Path, mark: HighWaterMark | None) -> Iterator[Fault]:
    wal = path.with_name(path.name + "-wal")
    exists = path.exists() and path.stat().st_size > 0
    if exists:
        return
    if mark and mark.seq:
        yield Fault(path.name, f"gone, with uploads 1 to {mark.seq}")
    elif wal.exists() and wal.stat().st_size:
        yield Fault(path.name, f"gone, but {wal.name} exists")


def _faults_of_tail(path: Path, mark: HighWaterMark | None) -> Iterator[Fault]:
    with closing(open_for_reading(path)) as connection:
        try:
            gaps = Gaps.read(connection)
            last = last_seq(connection, gaps)
            yield from faults_of_end(connection, last, gaps, mark)
            first = max(1, last - limits.TAIL_UPLOADS + 1)
            yield from faults_of_uploads(connection, first, last, gaps, deep=False)
            yield from faults_of_file(connection, path)
        except DAMAGE as error:
            if "unable to open" in str(error) or "readonly" in str(error):
                raise
            yield Fault(path.name, str(error))
