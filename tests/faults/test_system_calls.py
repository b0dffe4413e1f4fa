"""The harness of the power cuts reads an acknowledgement in whichever form an event loop sends it."""

from pathlib import Path

import pytest

from tests.faults.system_calls import Event, events

DIGEST = b"ab" * 32
HEAD, BODY = b"HTTP/1.1 201 Created\r\n\r\n", b'{"status":"stored","seq":7,"sha256":"' + DIGEST + b'"}'
BYTES = len(HEAD + BODY)
SOCKET = b"socket:[1063213]"


def hexed(content: bytes) -> str:
    """Return bytes as `strace -xx` writes them."""
    return "".join(f"\\x{byte:02x}" for byte in content)


def pieces() -> str:
    return f'[{{iov_base="{hexed(HEAD)}", iov_len={len(HEAD)}}}, {{iov_base="{hexed(BODY)}", iov_len={len(BODY)}}}]'


def message(sent: int) -> str:
    """Return a sendmsg, whose other members have texts too."""
    return (
        f'sendmsg(7<{hexed(SOCKET)}>, {{msg_name={{sa_family=AF_UNIX, sun_path="{hexed(b"x")}"}}, msg_namelen=4, '
        f"msg_iov={pieces()}, msg_iovlen=2, msg_controllen=0, msg_flags=0}}, MSG_NOSIGNAL) = {sent}"
    )


def read(call: str, folder: Path) -> list[Event]:
    record = folder / "record"
    record.write_text(f"32279 {call}\n")
    return list(events(record, folder))


@pytest.mark.parametrize(
    "call",
    [
        f'sendto(7<{hexed(SOCKET)}>, "{hexed(HEAD + BODY)}", {BYTES}, 0, NULL, 0) = {BYTES}',
        f'write(7<{hexed(SOCKET)}>, "{hexed(HEAD + BODY)}", {BYTES}) = {BYTES}',
        f'write(7<{SOCKET.decode()}>, "{hexed(HEAD + BODY)}", {BYTES}) = {BYTES}',
        f"writev(7<{hexed(SOCKET)}>, {pieces()}, 2) = {BYTES}",
        message(BYTES),
        f'write(7<{hexed(SOCKET)}>, "{hexed(HEAD + BODY)}", {BYTES} <unfinished ...>',
    ],
    ids=["sendto", "write", "write without -xx for names", "writev", "sendmsg", "unfinished"],
)
def test_every_call_that_sends_an_answer_acknowledges(tmp_path: Path, call: str) -> None:
    """Found: with uvloop, which sends by write and writev, the harness saw no acknowledgement at all."""
    assert read(call, tmp_path) == [Event("acknowledge", "", 7, DIGEST)]


@pytest.mark.parametrize(
    "call",
    [
        message(len(HEAD) + 10),
        f"writev(7<{hexed(SOCKET)}>, {pieces()}, 2) = {len(HEAD)}",
        f'write(8<{hexed(b"/elsewhere/file")}>, "{hexed(HEAD + BODY)}", {BYTES}) = {BYTES}',
        f'write(8<{hexed(b"pipe:[12]")}>, "{hexed(HEAD + BODY)}", {BYTES}) = {BYTES}',
    ],
)
def test_what_did_not_reach_a_client_acknowledges_nothing(tmp_path: Path, call: str) -> None:
    """Part of an answer, or what went to a file."""
    assert read(call, tmp_path) == []
