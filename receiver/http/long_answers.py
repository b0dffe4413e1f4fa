"""Answers that are too long for one piece: each holds no more than a piece, and there are never many of them."""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from connection.protocol import ABORT
from receiver import limits


class LongAnswers:
    """The answers that are being read; beyond the limit, the connection of the one begun first is closed."""

    def __init__(self) -> None:
        self._under_way: OrderedDict[object, Callable[[], None]] = OrderedDict()

    def answer(self, pieces: Iterator[bytes], headers: Mapping[str, str]) -> StreamingResponse:
        """Return an answer in JSON that is made while it is read."""
        return _LongAnswer(self._under_way, pieces, headers)


class _LongAnswer(StreamingResponse):
    def __init__(
        self, under_way: OrderedDict[object, Callable[[], None]], pieces: Iterator[bytes], headers: Mapping[str, str]
    ) -> None:
        super().__init__(pieces, headers=headers, media_type="application/json")
        self._under_way = under_way

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if len(self._under_way) >= limits.ANSWERS_AT_ONCE_MAX:
            _, abort = self._under_way.popitem(last=False)
            abort()
        self._under_way[self] = scope[ABORT]
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._under_way.pop(self, None)
