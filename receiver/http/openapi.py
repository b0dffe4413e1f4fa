"""The description of the receiver's HTTP side, made from the limits and refusals that the code enforces."""

from typing import Any

from connection import limits as bounds
from connection.refusals import Refusal
from receiver import limits
from receiver.http.schemas import PROBLEM, RECEIPT, REPORT
from receiver.refusals import REFUSALS, Requests

_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_RETRY_AFTER = {"Retry-After": {"required": True, "schema": {"type": "string", "pattern": "^[0-9]+$"}}}
_DESCRIPTION = f"""
Accepts reports of Foreman installations. A report is a JSON object in UTF-8 of at most {bounds.BODY_BYTES_MAX} bytes
before and after decompression, with at most {limits.DEPTH_MAX} levels of nesting, {limits.NODES_MAX} values,
{limits.STRING_LENGTH_MAX} characters in a string and {limits.KEY_LENGTH_MAX} in a key. No object may have the same key
twice, and no number may exceed a double, no whole number 64 bits. Further keys are welcome. A header may take at most
{bounds.HEADER_BYTES_MAX} bytes and {bounds.HEADER_SECONDS_MAX} seconds, a body {bounds.BODY_SECONDS_MAX} seconds. A
network (IPv4 /24, IPv6 /48) may send {limits.NETWORK_UPLOADS_A_MINUTE} reports a minute and
{limits.NETWORK_UPLOADS_A_DAY} a day, and {limits.NETWORK_BYTES_A_DAY} bytes of them a day. The Content-Type is
application/json. Requests of web pages (with Origin or Sec-Fetch-Site) are refused.
"""


def describe(version: str) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "foreman-popcon receiver", "version": version, "description": _DESCRIPTION.strip()},
        "paths": {
            "/data": {"post": _post(), "get": _show(), "delete": _erase()},
            "/": {"get": _page("A page for people")},
            "/PRIVACY.md": {"get": _page("PRIVACY.md: what happens to a report")},
            "/livez": {"get": _get("Whether the receiver is alive", {"200": _json("Yes.")}, Requests.HEALTH)},
            "/readyz": {"get": _get("Whether to send uploads", {"200": _json("Yes.")}, Requests.HEALTH)},
            "/openapi.json": {"get": _get("This description", {"200": _json("OpenAPI 3.1.")}, Requests.PAGES)},
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
                "description": "1: explain how the report is read, and store nothing",
                "schema": {"enum": ["1"]},
            }
        ],
        "requestBody": {
            "required": True,
            "description": "Content-Encoding gzip is accepted.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Report"}}},
        },
        "responses": {
            "200": _json("How the report is read; only with dry_run."),
            "201": _json("Stored; the upload would survive a power cut.", "#/components/schemas/Receipt"),
            **_refusals(Requests.UPLOAD),
        },
    }


def _show() -> dict[str, Any]:
    shown = _json("Every upload as it arrived.")
    return {
        "operationId": "show",
        "security": [{"uuid": []}],
        **_get("See everything stored about an installation", {"200": shown}, Requests.SHOW),
    }


def _erase() -> dict[str, Any]:
    erased = _json("Erased, with what is deleted when. No further report of this uuid is accepted.")
    return {
        "operationId": "erase",
        "security": [{"uuid": []}],
        **_get("Erase an installation", {"200": erased}, Requests.ERASE),
    }


def _page(summary: str) -> dict[str, Any]:
    text = {"description": "Text.", "content": {"text/*": {"schema": {"type": "string"}}}}
    return _get(summary, {"200": text}, Requests.PAGES)


def _get(summary: str, responses: dict[str, Any], request: Requests) -> dict[str, Any]:
    return {"summary": summary, "responses": {**responses, **_refusals(request)}}


def _refusals(request: Requests) -> dict[str, Any]:
    """Return one response for each status with which `request` can be refused, and what it means."""
    by_status: dict[int, list[type[Refusal]]] = {}
    for kind in REFUSALS:
        if kind.can_answer(request):
            by_status.setdefault(kind.status, []).append(kind)
    return {str(status): _refusal(kinds) for status, kinds in by_status.items()}


def _refusal(kinds: list[type[Refusal]]) -> dict[str, Any]:
    described = " ".join(f"{kind.__name__}: {kind.meaning()}" for kind in kinds)
    always_waits = all(kind.retry_after_seconds for kind in kinds)
    return {"description": described, "content": _PROBLEM, **({"headers": _RETRY_AFTER} if always_waits else {})}


def _json(description: str, schema: str | None = None) -> dict[str, Any]:
    content = {"$ref": schema} if schema else {"type": "object"}
    return {"description": description, "content": {"application/json": {"schema": content}}}
