"""Read a request's body within bounds, inflating it where the client compressed it."""

import zlib

from starlette.requests import Request

from receiver.limits import BODY_BYTES_MAX
from receiver.refusals import BadEncoding, TooLarge, UnknownCoding


async def read_body(request: Request) -> bytes:
    """Return the body as the client wrote it before compression.

    Raise TooLarge, UnknownCoding or BadEncoding.  Never holds more than twice BODY_BYTES_MAX.
    """
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if coding not in {"identity", "gzip"}:
        raise UnknownCoding("This Content-Encoding is not known.", "Content-Encoding", "Send gzip, or no coding.")
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > BODY_BYTES_MAX:
        raise _too_large()
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > BODY_BYTES_MAX:
            raise _too_large()
    return _inflate(received) if coding == "gzip" else bytes(received)


def _inflate(compressed: bytearray) -> bytes:
    inflater = zlib.decompressobj(wbits=31)
    try:
        plain = inflater.decompress(compressed, BODY_BYTES_MAX + 1)
    except zlib.error:
        raise _bad_gzip("is not gzip") from None
    if len(plain) > BODY_BYTES_MAX:
        raise _too_large()
    if not inflater.eof:
        raise _bad_gzip("ends too early")
    if inflater.unused_data:
        raise _bad_gzip("goes on after its end")
    return plain


def _too_large() -> TooLarge:
    return TooLarge("The report is too large.", "", f"Send at most {BODY_BYTES_MAX} bytes, inflated or not.")


def _bad_gzip(fault: str) -> BadEncoding:
    return BadEncoding(f"The body {fault}.", "Content-Encoding", "Send one complete gzip member, or no coding.")
