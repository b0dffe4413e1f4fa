"""Pages that are not cached wait for one another: anybody can make up addresses, and a cached page waits for few."""

import asyncio

from dashboard.asgi.types import App, Message, Receive, Scope, Send

AT_ONCE_MAX = 2


class PagesInTurn:
    """Around what makes a page.  A turn is over when the page is made, so that a reader who is slow holds no one up."""

    def __init__(self, app: App) -> None:
        self.app = app
        self._turns = asyncio.Semaphore(AT_ONCE_MAX)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope.get("is_of_table"):  # tables have a queue of their own
            await self.app(scope, receive, send)
            return
        await self._turns.acquire()
        is_mine = True

        def end() -> None:
            nonlocal is_mine
            if is_mine:
                is_mine = False
                self._turns.release()

        async def send_after(message: Message) -> None:
            end()
            await send(message)

        try:
            await self.app(scope, receive, send_after)
        finally:
            end()
