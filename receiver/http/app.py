"""The receiver's HTTP application: which path leads where."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from connection.protocol import REFUSAL
from connection.refusals import Refusal
from receiver.answers import answer
from receiver.http.health import Health
from receiver.http.openapi import describe
from receiver.http.own_record import OwnRecord
from receiver.http.pages import front_page, privacy
from receiver.http.refusing import Refusing
from receiver.http.uploads import Uploads
from receiver.metrics import Metrics, version


def create_app(
    uploads: Uploads,
    own_record: OwnRecord,
    health: Health,
    metrics: Metrics,
    background_work: AbstractAsyncContextManager[None],
) -> ASGIApp:
    """Return the application; `background_work` is entered before the first request and left after the last."""
    answers_for_data = {
        "POST": uploads.accept,
        "GET": own_record.show,
        "HEAD": own_record.show,
        "DELETE": own_record.erase,
    }
    refusing = Refusing(metrics)
    description = describe(version())

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with background_work:
            yield

    async def data(request: Request) -> Response:
        return await answers_for_data[request.method](request)

    async def openapi(_: Request) -> Response:
        return answer(description)

    routed = Starlette(
        routes=[
            Route("/", front_page, methods=["GET"]),
            Route("/PRIVACY.md", privacy, methods=["GET"]),
            Route("/data", data, methods=["DELETE", "GET", "POST"]),  # one route, so that a 405 names all methods
            Route("/livez", health.answer_live, methods=["GET"]),
            Route("/readyz", health.answer_ready, methods=["GET"]),
            Route("/openapi.json", openapi, methods=["GET"]),
        ],
        lifespan=lifespan,
        exception_handlers={
            Refusal: refusing.answer,
            HTTPException: refusing.answer_for_route,
            ClientDisconnect: _answer_nobody,
        },
    )
    routed.router.redirect_slashes = False  # a redirect would repeat the Host that the client made up

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if refusal := scope.get(REFUSAL):
            await (await refusing.answer(Request(scope), refusal))(scope, receive, send)
        else:
            await routed(scope, receive, send)

    return app


async def _answer_nobody(_: Request, __: Exception) -> Response:
    """The client left before its body was complete; nobody reads this answer."""
    return Response(status_code=400)
