"""An ETag is the hash of what is sent, so that it tells nothing else, such as when a file was written."""


def etag_of(sha256: str) -> str:
    return f'"{sha256}"'


def is_known(etag: str, if_none_match: str | None) -> bool:
    """Whether the client has it already (RFC 9110, 13.1.2: compared weakly)."""
    asked = [each.strip().removeprefix("W/") for each in (if_none_match or "").split(",")]
    return "*" in asked or etag in asked
