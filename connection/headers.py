"""What a header must not contain although the HTTP parser accepts it."""

from collections.abc import Sequence

from connection.limits import HEADER_BYTES_MAX
from connection.refusals import HeaderTooLarge, NotHttp, Refusal


def fault_of_header(
    url: bytes, headers: Sequence[tuple[bytes, bytes]], version: str, *, upgrades: bool
) -> Refusal | None:
    """Return what is wrong with a complete header; names in lower case, `version` such as "1.1".

    Sources: RFC 9112, 3.2 (Host) and 6.1 (Transfer-Encoding); `upgrades` because llhttp drops the body after Upgrade.
    """
    if len(url) + sum(len(name) + len(value) + 4 for name, value in headers) > HEADER_BYTES_MAX:
        return header_too_large()
    if version not in {"1.0", "1.1"}:
        return NotHttp("This is not HTTP/1.1.", "", "Send HTTP/1.1.")
    hosts = sum(name == b"host" for name, _ in headers)
    if hosts > 1 or (hosts == 0 and version == "1.1"):
        return NotHttp("The request does not have exactly one Host.", "Host", "Send one Host header.")
    if upgrades:
        return NotHttp("This server speaks only HTTP/1.1.", "Upgrade", "Send no Upgrade header and no CONNECT.")
    codings = [value.lower() for name, value in headers if name == b"transfer-encoding"]
    if codings and (version != "1.1" or codings != [b"chunked"]):
        return NotHttp(
            "This Transfer-Encoding is not accepted.", "Transfer-Encoding", "Send chunked, or Content-Length."
        )
    return None


def header_too_large() -> HeaderTooLarge:
    return HeaderTooLarge("The header is too large.", "", f"Send at most {HEADER_BYTES_MAX} bytes of header.")
