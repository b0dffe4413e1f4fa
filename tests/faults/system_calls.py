"""What a program did to its files and sockets, read from strace's record, and the disk a power cut would have left.

A write is on the disk for certain once a sync of its file that began after it has returned.  Until then it may be
there, not be there, or be there up to a multiple of 512 bytes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

SENDING = ("sendto", "sendmsg", "write", "writev")  # which of them sends an answer is for the event loop to choose
_TRACED = ",".join(["pwrite64", "fsync", "fdatasync", "ftruncate", "unlink", *SENDING])
STRACE = ["-f", "-y", "-xx", "-s", "400000", "-e", f"trace={_TRACED}"]
SECTOR_BYTES = 512
_CALL = re.compile(r"^(\d+) +(\w+)\((.*)$")
_RESUMED = re.compile(r"^(\d+) +<\.\.\. (\w+) resumed>(.*)$")
_FILE = re.compile(r"^(-?\d+)<([^>]*)>")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_PIECE = re.compile(r'iov_base="((?:\\x[0-9a-f]{2})*)"')  # of what writev and sendmsg send
_SENT = re.compile(r"\) += (\d+)$")
_ACKNOWLEDGED = re.compile(rb'HTTP/1\.1 201 .*?"seq":(\d+),"sha256":"([0-9a-f]{64})"', re.DOTALL)


@dataclass(frozen=True)
class Event:
    """`write` at `offset`, `truncate` to `offset`, `unlink`, `sync` of a file; `acknowledge` of a seq (`offset`)."""

    kind: str
    path: str
    offset: int = 0
    content: bytes = b""
    began: int = 0  # place in the record of where a sync began


@dataclass
class Disk:
    """Files by name: what is certain, and what came after, in order."""

    certain: dict[str, bytearray] = field(default_factory=dict)
    pending: dict[str, list[tuple[int, Event]]] = field(default_factory=dict)

    def take(self, place: int, event: Event) -> None:
        if event.kind == "unlink":
            self.certain.pop(event.path, None)
            self.pending.pop(event.path, None)
        elif event.kind in ("write", "truncate"):
            self.pending.setdefault(event.path, []).append((place, event))
        elif event.kind == "sync" and event.path in self.pending:
            content = self.certain.setdefault(event.path, bytearray())
            for begun, change in self.pending[event.path]:
                if begun < event.began:
                    _apply(content, change)
            self.pending[event.path] = [each for each in self.pending[event.path] if each[0] >= event.began]

    def image(self, how: str, random: Random) -> dict[str, bytes]:
        """Return the files after a cut: pending writes `none`, `all`, a random `subset`, or a subset `torn`."""
        files = {}
        for path in {*self.certain, *self.pending}:
            content = bytearray(self.certain.get(path, b""))
            for _, change in self.pending.get(path, []):
                if how == "all" or (how != "none" and random.random() < 0.5):
                    _apply(content, _torn(change, random) if how == "torn" else change)
            files[path] = bytes(content)
        return files


def events(record: Path, folder: Path) -> Iterator[Event]:
    """Yield what happened to files in `folder`, and every acknowledgement, in the order of the record."""
    unfinished: dict[str, tuple[int, str, str]] = {}
    for place, line in enumerate(record.read_text().splitlines()):
        if resumed := _RESUMED.match(line):
            pid, _, rest = resumed.groups()
            began, name, arguments = unfinished.pop(pid, (0, "", ""))
            if name in ("fsync", "fdatasync") and "= 0" in rest:
                yield from _read(name, arguments, folder, began)
        elif call := _CALL.match(line):
            pid, name, arguments = call.groups()
            is_unfinished = arguments.endswith("<unfinished ...>")
            if is_unfinished:
                unfinished[pid] = (place, name, arguments)
            if not is_unfinished or name not in ("fsync", "fdatasync"):
                yield from _read(name, arguments, folder, place)


def _read(name: str, arguments: str, folder: Path, began: int) -> Iterator[Event]:
    texts = _TEXT.findall(arguments)
    content = _decoded(texts[0]) if texts else b""
    found = _FILE.match(arguments)
    path = _decoded(found[2]).decode() if found else ""
    if name in SENDING and path.startswith("socket:"):
        for seq, digest in _ACKNOWLEDGED.findall(_sent(name, arguments, content)):
            yield Event("acknowledge", "", int(seq), digest)
        return
    if name == "unlink":
        path = content.decode()
    if Path(path).parent != folder or path.endswith(("-shm", ".lock")):
        return
    file = Path(path).name
    numbers = [int(number) for number in re.findall(r", (\d+)", _TEXT.sub("", arguments))]
    if name == "pwrite64":
        yield Event("write", file, numbers[-1], content)
    elif name == "ftruncate":
        yield Event("truncate", file, numbers[0])
    elif name in ("fsync", "fdatasync"):
        yield Event("sync", file, began=began)
    elif name == "unlink":
        yield Event("unlink", file)


def _sent(name: str, arguments: str, content: bytes) -> bytes:
    """Return what the kernel took; all of it where the record does not say how much that was."""
    if name in ("sendmsg", "writev"):
        content = b"".join(_decoded(piece) for piece in _PIECE.findall(arguments))
    count = _SENT.search(arguments)
    return content[: int(count[1])] if count else content


def _decoded(text: str) -> bytes:
    """Return what strace wrote, with or without -xx, as bytes."""
    return bytes.fromhex(text.replace("\\x", "")) if "\\x" in text else text.encode()


def _apply(content: bytearray, change: Event) -> None:
    if change.kind == "truncate":
        del content[change.offset :]
        content.extend(bytes(change.offset - len(content)))
        return
    content.extend(bytes(max(0, change.offset - len(content))))
    content[change.offset : change.offset + len(change.content)] = change.content


def _torn(change: Event, random: Random) -> Event:
    sectors = len(change.content) // SECTOR_BYTES
    kept = random.randint(0, sectors) * SECTOR_BYTES if sectors else len(change.content)
    return Event(change.kind, change.path, change.offset, change.content[:kept])
