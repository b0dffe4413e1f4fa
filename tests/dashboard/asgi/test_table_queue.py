import asyncio

from dashboard.asgi.table_queue import TablesInTurn
from dashboard.asgi.types import Message, Receive, Scope, Send


def test_tables_are_made_one_after_another_and_a_slow_reader_holds_none_up() -> None:
    at_once = most = 0
    read: list[object] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 - as ASGI has it
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.01)
        at_once -= 1
        await send({"type": "http.response.body", "body": scope["name"]})

    async def receive() -> Message:
        return {}

    async def ask(turns: TablesInTurn, name: str, seconds: float) -> None:
        async def send(message: Message) -> None:
            await asyncio.sleep(seconds)
            read.append(message["body"])

        await turns({"is_of_table": True, "name": name}, receive, send)

    async def ask_all() -> None:
        turns = TablesInTurn(app)
        await asyncio.gather(ask(turns, "slow", 0.3), ask(turns, "second", 0), ask(turns, "third", 0))

    asyncio.run(ask_all())
    assert most == 1
    assert read == ["second", "third", "slow"]
