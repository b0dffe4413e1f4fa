"""An answer that fails after it has begun: the connection ends, for no other answer can follow."""

import asyncio

from connection.protocol import ABORT
from dashboard.asgi.types import App, Message, Receive, Scope, Send


class _SecondAnswerError(Exception):
    """The error page of an answer that has begun: memory ran out while its body was encoded."""


def cut_off_unfinished(app: App) -> App:
    """Return the application, which may then try to begin an answer twice: uvicorn would print a traceback."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        is_begun = False

        async def send_once(message: Message) -> None:
            nonlocal is_begun
            if message["type"] == "http.response.start":
                if is_begun:
                    raise _SecondAnswerError
                is_begun = True
            await send(message)

        try:
            await app(scope, receive, send_once)
        except _SecondAnswerError:
            scope[ABORT]()
            await asyncio.sleep(0)  # until uvicorn knows

    return answer
