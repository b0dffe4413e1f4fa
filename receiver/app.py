"""The receiver's HTTP side: `/data`, what says how it fares, and two pages for people."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from receiver.answers import answer
from receiver.meter import version
from receiver.openapi import describe
from receiver.pages import front_page, privacy
from receiver.protocol import REFUSAL
from receiver.reception import Reception
from receiver.refusals import Refusal


def create_app(reception: Reception) -> ASGIApp:
    """Return the application; it starts and stops the appender."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[dict[str, Any]]:
        reception.appender.start()
        housekeeping = asyncio.create_task(reception.housekeeping.run())
        yield {"meter": reception.meter}  # the protocol counts what never reaches the application
        housekeeping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await housekeeping
        reception.appender.stop()

    description = describe(version())

    async def openapi(_: Request) -> Response:
        return answer(description)

    routed = Starlette(
        routes=[
            Route("/", front_page, methods=["GET"]),
            Route("/PRIVACY.md", privacy, methods=["GET"]),
            Route("/data", reception.answer_for_data, methods=["DELETE", "GET", "POST"]),
            Route("/livez", reception.live, methods=["GET"]),
            Route("/readyz", reception.ready, methods=["GET"]),
            Route("/openapi.json", openapi, methods=["GET"]),
        ],
        lifespan=lifespan,
        exception_handlers={
            Refusal: reception.refuse,
            HTTPException: reception.refuse_route,
            ClientDisconnect: _answer_nobody,
        },
    )
    routed.router.redirect_slashes = False  # a redirect would repeat the Host that the client made up

    async def door(scope: Scope, receive: Receive, send: Send) -> None:
        if refusal := scope.get(REFUSAL):
            await (await reception.refuse(Request(scope), refusal))(scope, receive, send)
        else:
            await routed(scope, receive, send)

    return door


async def _answer_nobody(_: Request, __: Exception) -> Response:
    """The client left before its body was complete; nobody reads this answer."""
    return Response(status_code=400)
