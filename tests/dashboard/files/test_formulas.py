import asyncio
import csv
import io

import pytest

from dashboard.asgi.types import Message
from dashboard.files.formulas import inert, with_inert_cells
from tests.dashboard.asking import Get

ROWS = 'name,change\r\n"=cmd|\' /C calc\'!A0",-0.6\r\n"a, ""b""\n=c",+3\r\n@x,-y\r\n'


def test_what_a_spreadsheet_would_compute_is_text() -> None:
    assert list(csv.reader(io.StringIO(inert(ROWS), newline=""))) == [
        ["name", "change"],
        ["'=cmd|' /C calc'!A0", "-0.6"],
        ['a, "b"\n=c', "+3"],
        ["'@x", "'-y"],
    ]


def test_what_is_harmless_is_left_to_the_byte() -> None:
    assert inert('a,b\r\n"x ""y""",-1.5\r\n') == 'a,b\r\n"x ""y""",-1.5\r\n'


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_it_may_come_in_any_pieces(size: int) -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def write() -> None:
        guarded = with_inert_cells(send)
        await guarded({"type": "http.response.start", "status": 200, "headers": []})
        body = ROWS.encode()
        for at in range(0, len(body), size):
            await guarded({"type": "http.response.body", "body": body[at : at + size], "more_body": True})
        await guarded({"type": "http.response.body", "body": b""})

    asyncio.run(write())
    assert b"".join(message["body"] for message in sent[1:]).decode() == inert(ROWS)


def test_the_operators_csv_is_inert_too(get_explorer: Get) -> None:
    assert "\n'=1+1" in get_explorer("/views/what_was_set_aside.csv").text
    assert "\n'=1+1" in get_explorer("/views/set_aside.csv?_col=reason&_nl=on").text.replace("1,", "").replace("2,", "")
