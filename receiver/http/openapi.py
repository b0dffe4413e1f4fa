"""The description of the receiver's HTTP side, made from the limits and refusals that the code enforces."""

from typing import Any

from receiver import limits
from receiver.http.schemas import PROBLEM, RECEIPT, REPORT
from receiver.refusals import (
    RETRY_AFTER_SECONDS,
    STATUS,
    BadEncoding,
    BadQuery,
    BeyondLimit,
    Busy,
    DiskFull,
    Erased,
    HeaderTooLarge,
    LogUnavailable,
    NoKey,
    NoLength,
    NotAReport,
    NothingStored,
    NotHttp,
    NotJson,
    NotReady,
    Refusal,
    TooLarge,
    TooMany,
    TooSlow,
    UnknownCoding,
    ViewsBehind,
    WrongMethod,
)

_OF_THE_CONNECTION: list[type[Refusal]] = [NotHttp, HeaderTooLarge, TooSlow, WrongMethod, Busy]
_OF_A_POST: list[type[Refusal]] = [
    *(BadQuery, NotJson, NotAReport, BeyondLimit, BadEncoding, NoLength, TooLarge, UnknownCoding, TooMany),
    *(Erased, LogUnavailable, DiskFull),
]
_OF_A_LOOK_UP: list[type[Refusal]] = [NoKey, NothingStored, TooMany, ViewsBehind]
_DESCRIPTION = f"""
Takes reports of Foreman installations. A report is a JSON object in UTF-8 of at most {limits.BODY_BYTES_MAX} bytes, as
sent and inflated, nested at most {limits.DEPTH_MAX} levels deep, with at most {limits.NODES_MAX} values, strings of at
most {limits.STRING_LENGTH_MAX} characters, keys of at most {limits.KEY_LENGTH_MAX}, no key twice in an object, no
number beyond a double and no whole number beyond 64 bits. Further keys are welcome. A header has at most
{limits.HEADER_BYTES_MAX} bytes and {limits.HEADER_SECONDS_MAX} seconds, a body {limits.BODY_SECONDS_MAX} seconds. A
network (IPv4 /24, IPv6 /48) may send {limits.NETWORK_UPLOADS_A_MINUTE} reports a minute and
{limits.NETWORK_UPLOADS_A_DAY} a day. The Content-Type is not looked at.
"""


def describe(version: str) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "foreman-popcon receiver", "version": version, "description": _DESCRIPTION.strip()},
        "paths": {
            "/data": {"post": _post(), "get": _show(), "delete": _erase()},
            "/": {"get": _page("A page for people")},
            "/PRIVACY.md": {"get": _page("PRIVACY.md: what becomes of a report")},
            "/livez": {"get": _get("Whether the receiver lives", {"200": _json("It does.")}, [NotReady])},
            "/readyz": {"get": _get("Whether to send uploads", {"200": _json("Yes.")}, [NotReady])},
            "/openapi.json": {"get": _get("This description", {"200": _json("OpenAPI 3.1.")}, [])},
        },
        "components": {
            "securitySchemes": {
                "uuid": {"type": "http", "scheme": "bearer", "description": "The installation's uuid."}
            },
            "schemas": {"Report": REPORT, "Receipt": RECEIPT, "Problem": PROBLEM},
        },
    }


def _post() -> dict[str, Any]:
    return {
        "operationId": "upload",
        "summary": "Send a report",
        "parameters": [
            {
                "name": "dry_run",
                "in": "query",
                "description": "1: say how the report is read, and store nothing",
                "schema": {"enum": ["1"]},
            }
        ],
        "requestBody": {
            "required": True,
            "description": "Content-Encoding gzip is taken.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Report"}}},
        },
        "responses": {
            "200": _json("How the report is read; only with dry_run."),
            "201": _json("Stored; it would survive a power cut.", "#/components/schemas/Receipt"),
            **_refusals([*_OF_THE_CONNECTION, *_OF_A_POST]),
        },
    }


def _show() -> dict[str, Any]:
    return {
        "operationId": "show",
        "security": [{"uuid": []}],
        **_get("See everything stored of an installation", {"200": _json("Every upload as it came.")}, _OF_A_LOOK_UP),
    }


def _erase() -> dict[str, Any]:
    refusals = [*_OF_A_LOOK_UP, LogUnavailable, DiskFull]
    said = _json("Erased, with what will be gone when. No report of this uuid is taken again.")
    return {
        "operationId": "erase",
        "security": [{"uuid": []}],
        **_get("Erase an installation", {"200": said}, refusals),
    }


def _page(summary: str) -> dict[str, Any]:
    return _get(summary, {"200": {"description": "Text.", "content": {"text/*": {"schema": {"type": "string"}}}}}, [])


def _get(summary: str, responses: dict[str, Any], refusals: list[type[Refusal]]) -> dict[str, Any]:
    return {"summary": summary, "responses": {**responses, **_refusals([*_OF_THE_CONNECTION, *refusals])}}


def _refusals(kinds: list[type[Refusal]]) -> dict[str, Any]:
    """Return one response for each status that `kinds` have, with what they mean."""
    responses: dict[str, Any] = {}
    for kind in sorted(kinds, key=lambda kind: STATUS[kind]):
        status, meaning = str(STATUS[kind]), f"{kind.__name__}: {kind.__doc__}"
        if status in responses:
            responses[status]["description"] += f" {meaning}"
            continue
        responses[status] = {
            "description": meaning,
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        if kind in RETRY_AFTER_SECONDS:
            responses[status]["headers"] = {
                "Retry-After": {"required": True, "schema": {"type": "string", "pattern": "^[0-9]+$"}}
            }
    return responses


def _json(description: str, schema: str | None = None) -> dict[str, Any]:
    content = {"$ref": schema} if schema else {"type": "object"}
    return {"description": description, "content": {"application/json": {"schema": content}}}
