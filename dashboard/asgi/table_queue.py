"""Tables wait for one another: a filter or a facet can read a whole table, and no other page shall wait for that."""

import asyncio

from dashboard.asgi.types import App, Message, Receive, Scope, Send


class TablesInTurn:
    """Around Datasette.  An answer is sent when its turn is over, so that a reader who is slow holds no one up."""

    def __init__(self, app: App) -> None:
        self.app = app
        self._turn = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not scope.get("is_of_table"):
            await self.app(scope, receive, send)
            return
        answer: list[Message] = []  # a thousand rows at most: the gate lets no stream through

        async def keep(message: Message) -> None:
            answer.append(message)

        async with self._turn:
            await self.app(scope, receive, keep)
        for message in answer:
            await send(message)
