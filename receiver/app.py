"""The receiver's HTTP side: `POST /data`."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict

import orjson
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from receiver.appender import Appender
from receiver.body import read_body
from receiver.log import Log
from receiver.refusals import RETRY_AFTER_SECONDS, STATUS, NoSuchPage, Refusal, WrongMethod
from receiver.report import read_report


def create_app(log: Log, clock: Callable[[], str], stop_serving: Callable[[], None]) -> Starlette:
    """Return the application that appends to `log`; arguments as of Appender."""
    appender = Appender(log, clock, stop_serving)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        appender.start()
        yield
        appender.stop()

    async def post_data(request: Request) -> Response:
        receipt = await appender.append(read_report(await read_body(request)))
        return Response(orjson.dumps({"status": "stored", **asdict(receipt)}), 201, media_type="application/json")

    return Starlette(
        routes=[Route("/data", post_data, methods=["POST"])],
        lifespan=lifespan,
        exception_handlers={
            Refusal: _answer_refusal,
            HTTPException: _answer_routing,
            ClientDisconnect: _answer_nobody,
        },
    )


async def _answer_refusal(_: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)  # noqa: S101 - Starlette's type of a handler is wider than what it calls
    status = STATUS[type(refusal)]
    problem = {
        "type": f"urn:foreman-popcon:{type(refusal).__name__}",
        "title": refusal.what,
        "status": status,
        "detail": f"{refusal.what} {refusal.what_to_do}",
        "where": refusal.where,
        "what_to_do": refusal.what_to_do,
    }
    wait = RETRY_AFTER_SECONDS.get(type(refusal))
    headers = {} if wait is None else {"Retry-After": str(wait)}
    return Response(orjson.dumps(problem), status, headers, media_type="application/problem+json")


async def _answer_routing(request: Request, error: Exception) -> Response:
    """Give Starlette's own 404 and 405 the same form as every other refusal."""
    assert isinstance(error, HTTPException)  # noqa: S101 - as above
    if error.status_code == 405:
        response = await _answer_refusal(request, WrongMethod("This path takes another method.", "", "POST a report."))
    else:
        response = await _answer_refusal(request, NoSuchPage("There is nothing here.", "", "POST a report to /data."))
    response.headers.update(error.headers or {})
    return response


async def _answer_nobody(_: Request, __: Exception) -> Response:
    """The client left before its body was complete; nobody reads this answer."""
    return Response(status_code=400)
