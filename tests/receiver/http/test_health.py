"""What the receiver says about itself."""

import contextlib
import json
from collections import Counter
from pathlib import Path
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

from receiver import limits
from receiver.refusals import REFUSALS, Requests
from tests.campaign import length, tell
from tests.receiver.running import Receiver, report

PROMISED = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def test_it_is_alive_and_ready(receiver: Receiver) -> None:
    """Two answers of 200."""
    assert receiver.get("/livez")[0] == receiver.get("/readyz")[0] == 200


def test_a_clock_that_went_back_is_told_and_time_does_not_fall(tmp_path: Path) -> None:
    """An hour behind the last upload it is not ready; uploads are taken at the later time."""
    data = tmp_path / "data"
    with Receiver(data) as receiver:
        first = receiver.post(report(1))[1]["received_at"]
    environment = {"SECONDS_BEHIND": "7200"}
    with Receiver(data, module=("tests.faults.small_bounds",), environment=environment) as receiver:
        status, problem = receiver.get("/readyz")
        assert (status, problem["title"]) == (
            503,
            f"The clock is more than an hour behind the last upload ({first}).",
        )
        assert receiver.post(report(2))[1]["received_at"] == first


def test_the_metrics_count_by_result_and_reason(tmp_path: Path) -> None:
    """Stored, refused and dry runs, commits, queue, WAL, disk and build; never a uuid."""
    with Receiver(tmp_path / "data") as receiver:
        receiver.post(report(1))
        receiver.post(report(2))
        receiver.post(b"{}")
        receiver.post(report(3), path="/data?dry_run=1")
        receiver.raw(b"\x00\r\n\r\n", 1)
        seen = receiver.metrics()
    assert seen['popcon_uploads_total{reason="",result="stored"}'] == 2
    assert seen['popcon_uploads_total{reason="",result="dry_run"}'] == 1
    assert seen['popcon_uploads_total{reason="NotAReport",result="refused"}'] == 1
    assert seen['popcon_uploads_total{reason="NotHttp",result="refused"}'] == 1
    assert seen["popcon_commit_seconds_count"] == seen["popcon_batch_uploads_count"] == 2
    assert seen["popcon_queue_uploads"] == 0
    assert min(seen[f"popcon_{name}"] for name in ("wal_bytes", "free_bytes", "last_commit_timestamp_seconds")) > 0
    assert any(name.startswith("popcon_build_info{") for name in seen)


def test_a_dry_run_tells_how_a_report_is_read_and_stores_nothing(receiver: Receiver) -> None:
    """What counts and under which name, what is kept beside, and what would be set aside and why."""
    before = receiver.post(report(1))[1]["seq"]
    body = {
        "uuid": "0123456789abcdef",
        "core_version": "3.9.1",
        "plugins": [{"name": "acme secret <b>"}, 7],
        "proxies": [{"version": "3.9.0", "features": ["puppetca"]}],
        "host_count": 12,
    }
    status, read = receiver.post(json.dumps(body).encode(), path="/data?dry_run=1")
    assert status == 200
    assert {"table": "core_versions", "name": "3.9.1", "count": 1, "shown": "always"} in read["counts"]
    assert {"table": "plugins", "name": "acme secret <b>", "count": 1, "shown": "as (other)"} in read["counts"]
    assert {"table": "proxy_features", "name": "Puppet CA", "count": 1, "shown": "always"} in read["counts"]
    assert read["kept"] == [{"key": "host_count", "type": "integer"}]
    assert read["set_aside"] == [{"where": "/plugins/1", "why": "a plugin is an object with a name and a version"}]
    assert receiver.post(report(1))[1]["seq"] == before + 1


def test_the_description_names_every_limit_and_status(receiver: Receiver) -> None:
    """It is made from the same constants, and each request lists the refusals that can answer it."""
    _, description = receiver.get("/openapi.json")
    text = description["info"]["description"]
    for bound in (limits.BODY_BYTES_MAX, limits.HEADER_BYTES_MAX, limits.NODES_MAX, limits.NETWORK_UPLOADS_A_DAY):
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
            kinds = [kind for kind in REFUSALS if str(kind.status) == status and request in kind.answers]
            assert answer["description"] == " ".join(f"{kind.__name__}: {kind.meaning()}" for kind in kinds)
            assert ("headers" in answer) == (int(status) in (429, 503, 507))
        assert set(refused) == {str(kind.status) for kind in REFUSALS if request in kind.answers}


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
