import asyncio

from dashboard.asgi.page_queue import AT_ONCE_MAX, PagesInTurn
from dashboard.asgi.types import Message, Receive, Scope, Send


def test_few_pages_are_made_at_once_and_a_slow_reader_holds_none_up() -> None:
    """Found: pages under made-up hosts were made all at once, and the cached front page took a second."""
    at_once = most = 0
    read: list[object] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 - as ASGI has it
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.01)
        at_once -= 1
        if scope["name"] == "failed":
            raise RuntimeError
        await send({"type": "http.response.start"})
        await send({"type": "http.response.body", "body": scope["name"]})

    async def receive() -> Message:
        return {}

    async def ask(turns: PagesInTurn, name: str, seconds: float = 0, **further: object) -> None:
        async def send(message: Message) -> None:
            await asyncio.sleep(seconds)
            if "body" in message:
                read.append(message["body"])

        await turns({"type": "http", "name": name, **further}, receive, send)

    async def ask_all() -> None:
        turns = PagesInTurn(app)
        slow = [ask(turns, "slow", 0.3) for _ in range(AT_ONCE_MAX)]
        failed = [ask(turns, "failed") for _ in range(AT_ONCE_MAX)]
        pages = [ask(turns, "page") for _ in range(5)]
        await asyncio.gather(*slow, *failed, *pages, return_exceptions=True)
        assert most == AT_ONCE_MAX
        await asyncio.gather(*(ask(turns, "table", is_of_table=True) for _ in range(AT_ONCE_MAX + 1)))

    asyncio.run(ask_all())
    assert read == ["page"] * 5 + ["slow"] * AT_ONCE_MAX + ["table"] * (AT_ONCE_MAX + 1)
    assert most == AT_ONCE_MAX + 1
