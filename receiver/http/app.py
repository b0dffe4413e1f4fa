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
from receiver.connection.protocol import REFUSAL
from receiver.http.openapi import describe
from receiver.http.pages import front_page, privacy
from receiver.http.uploads import Uploads
from receiver.metrics import version
from receiver.refusals import Refusal


def create_app(uploads: Uploads) -> ASGIApp:
    """Return the application; it starts and stops the appender."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[dict[str, Any]]:
        uploads.appender.start()
        maintenance = asyncio.create_task(uploads.maintenance.run())
        yield {"metrics": uploads.metrics}  # the protocol counts what never reaches the application
        maintenance.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await maintenance
        uploads.appender.stop()

    description = describe(version())

    async def openapi(_: Request) -> Response:
        return answer(description)

    routed = Starlette(
        routes=[
            Route("/", front_page, methods=["GET"]),
            Route("/PRIVACY.md", privacy, methods=["GET"]),
            Route("/data", uploads.answer_for_data, methods=["DELETE", "GET", "POST"]),
            Route("/livez", uploads.live, methods=["GET"]),
            Route("/readyz", uploads.ready, methods=["GET"]),
            Route("/openapi.json", openapi, methods=["GET"]),
        ],
        lifespan=lifespan,
        exception_handlers={
            Refusal: uploads.refuse,
            HTTPException: uploads.refuse_route,
            ClientDisconnect: _answer_nobody,
        },
    )
    routed.router.redirect_slashes = False  # a redirect would repeat the Host that the client made up

    async def door(scope: Scope, receive: Receive, send: Send) -> None:
        if refusal := scope.get(REFUSAL):
            await (await uploads.refuse(Request(scope), refusal))(scope, receive, send)
        else:
            await routed(scope, receive, send)

    return door


async def _answer_nobody(_: Request, __: Exception) -> Response:
    """The client left before its body was complete; nobody reads this answer."""
    return Response(status_code=400)
