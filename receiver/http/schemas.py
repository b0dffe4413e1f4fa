"""Reports, receipts and refusals as the API description has them; a report's fields come from their register."""

from typing import Any

from receiver import limits
from vocabulary.fields import Field, read_fields

_REQUIRED: dict[str, dict[str, Any]] = {
    "uuid": {"type": "string", "pattern": f"^{limits.UUID_PATTERN}$"},
    "core_version": {"type": "string", "maxLength": limits.STRING_LENGTH_MAX},
}


def _describe_field(field: Field) -> dict[str, Any]:
    """Return what the register says about a field.  A value of another type is accepted, so the type is only text."""
    shown = "published in groups" if field.is_published else "for the maintainers"
    return {"description": f"{field.title} ({field.type}); {field.why}; {shown}", **_REQUIRED.get(field.key, {})}


REPORT = {
    "type": "object",
    "required": ["uuid", "core_version"],
    "properties": {field.key: _describe_field(field) for field in read_fields()},
    "propertyNames": {"maxLength": limits.KEY_LENGTH_MAX},
    "additionalProperties": True,
}
RECEIPT = {
    "type": "object",
    "required": ["status", "seq", "sha256", "received_at"],
    "properties": {
        "status": {"const": "stored"},
        "seq": {"type": "integer", "minimum": 1},
        "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "received_at": {"type": "string", "format": "date-time"},
    },
}
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "where", "what_to_do"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "where": {"type": "string"},
        "what_to_do": {"type": "string"},
    },
}
