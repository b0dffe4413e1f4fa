"""Every refusal on its way out: counted, and answered in one form."""

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from connection.refusals import Refusal
from receiver.answers import answer_refusal
from receiver.metrics import Metrics
from receiver.refusals import NoSuchPage, WrongMethod


@dataclass(frozen=True)
class Refusing:
    """Starlette's handlers of what a request may raise."""

    metrics: Metrics

    async def answer(self, request: Request, refusal: Exception) -> Response:
        """Count a Refusal and return its answer."""
        assert isinstance(refusal, Refusal)  # noqa: S101 - Starlette's type of a handler is wider than what it calls
        self.metrics.count_refused(type(refusal).__name__)
        response = answer_refusal(refusal)
        if "expect" in request.headers:  # the client may or may not send the body now
            response.headers["Connection"] = "close"
        return response

    async def answer_for_route(self, request: Request, error: Exception) -> Response:
        """Give Starlette's own 404 and 405 the same form as every other refusal."""
        assert isinstance(error, HTTPException)  # noqa: S101 - as above
        refusal: Refusal = NoSuchPage("There is nothing here.", "", "POST a report to /data.")
        if error.status_code == 405:
            refusal = WrongMethod("This path does not accept this method.", "", "POST a report to /data.")
        response = await self.answer(request, refusal)
        response.headers.update(error.headers or {})
        return response
