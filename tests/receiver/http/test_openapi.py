"""The API description is complete, and the receiver keeps to it."""

import contextlib
from collections import Counter
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from connection import limits as bounds
from receiver import limits
from receiver.refusals import REFUSALS, Requests
from tests.campaign import length, tell
from tests.receiver.running import Receiver

PROMISED = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def test_the_description_names_every_limit_and_status(receiver: Receiver) -> None:
    """It is made from the same constants, and each request lists the refusals that can answer it."""
    _, description = receiver.get("/openapi.json")
    text = description["info"]["description"]
    for bound in (bounds.BODY_BYTES_MAX, bounds.HEADER_BYTES_MAX, limits.NODES_MAX, limits.NETWORK_UPLOADS_A_DAY):
        assert str(bound) in text
    described = {
        Requests.UPLOAD: description["paths"]["/data"]["post"],
        Requests.SHOW: description["paths"]["/data"]["get"],
        Requests.ERASE: description["paths"]["/data"]["delete"],
        Requests.HEALTH: description["paths"]["/readyz"]["get"],
        Requests.PAGES: description["paths"]["/"]["get"],
    }
    for request, operation in described.items():
        refused = {status: answer for status, answer in operation["responses"].items() if int(status) >= 400}
        for status, answer in refused.items():
            kinds = [kind for kind in REFUSALS if str(kind.status) == status and kind.can_answer(request)]
            assert answer["description"] == " ".join(f"{kind.__name__}: {kind.meaning()}" for kind in kinds)
            assert ("headers" in answer) == (int(status) in (429, 503, 507))
        assert set(refused) == {str(kind.status) for kind in REFUSALS if kind.can_answer(request)}


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_no_fuzzed_request_gets_an_undocumented_answer(receiver: Receiver, mode: GenerationMode) -> None:
    """Schemathesis makes requests from the description, sound ones and broken ones: no 5xx, nothing undocumented."""
    described = schemathesis.openapi.from_url(f"http://127.0.0.1:{receiver.port}/openapi.json")
    answered: Counter[int] = Counter()
    for found in described.get_all_operations():
        operation = found.ok()  # type: ignore[union-attr]  # a fault in the description fails here

        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(max_examples=length(25, 500), deadline=None, suppress_health_check=list(HealthCheck), database=None)
        def fuzz(case: Any) -> None:
            response = case.call()
            answered[response.status_code] += 1
            case.validate_response(response, checks=PROMISED)

        with contextlib.suppress(Unsatisfiable):  # a request without parameters cannot be broken
            fuzz()
    tell(mode=mode.value, answered=dict(answered))
    assert not [status for status in answered if status >= 500]
