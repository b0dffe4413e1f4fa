"""Test 17 of the trust page: whatever the receiver accepts, the transforms complete, and what is odd is set aside."""

import json
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connection.refusals import Refusal
from receiver.reports.report import read_report
from tests.campaign import length
from tests.transforms.given import Given, moment, uuid

BATCH = 100

_TEXT = st.text(max_size=20)
_ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXT, inner, max_size=4),
    max_leaves=8,
)
_PROXY = st.fixed_dictionaries({}, optional={"version": _ANY, "features": _ANY | st.lists(_ANY, max_size=4)})
_PLUGIN = st.fixed_dictionaries({}, optional={"name": _ANY, "version": _ANY})
_BODIES = st.fixed_dictionaries(
    {"core_version": _TEXT},
    optional={
        "proxies": _ANY | st.lists(_PROXY | _ANY, max_size=4),
        "plugins": _ANY | st.lists(_PLUGIN | _ANY, max_size=4),
        "compute_resources": _ANY | st.lists(_ANY, max_size=4),
        "hosts_count": _ANY,
        "operatingsystem_families": _ANY,
        "satellite_version": _ANY,
        "surprise": _ANY,
    },
)


@settings(
    max_examples=length(5, 1000),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.data_too_large, HealthCheck.too_slow],
)
@given(bodies=st.lists(_BODIES, min_size=length(20, BATCH), max_size=BATCH))
def test_any_body_that_is_accepted_is_transformed(
    make_given: Callable[..., Given], bodies: list[dict[str, Any]]
) -> None:
    house = make_given(POPCON_MIN_GROUP="1", POPCON_ESTABLISHED_WEEKS="1")
    accepted = [
        {"uuid": uuid(who), **body}
        for who, body in enumerate(bodies)
        if is_accepted(json.dumps({"uuid": uuid(who), **body}).encode())
    ]
    house.append((moment(0), body, None) for body in accepted)
    house.refresh()
    assert house.views("select count(*) from uploads") == [(len(accepted),)]
    wrong = sum(not isinstance(body.get("plugins", []), list | None) for body in accepted)
    assert house.views("select count(*) from set_aside where place = '/plugins'") == [(wrong,)]
    for view in ("proxies", "plugins", "compute_resources", "extra_facts"):
        house.views(f"select * from {view}")


def is_accepted(body: bytes) -> bool:
    try:
        read_report(body)
    except Refusal:
        return False
    return True


def test_a_log_with_what_the_receiver_would_refuse_is_transformed_too(given: Given) -> None:
    """As from another program; the report is set aside whole."""
    given.append([(moment(0), {"uuid": uuid(1), "core_version": 3}, None)])
    given.refresh()
    assert given.views("select upload_id, place, reason from set_aside") == [(1, "", "not a report")]
