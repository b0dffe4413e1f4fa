"""Read a request's body within bounds, and decompress it where the client compressed it."""

import zlib

from starlette.requests import ClientDisconnect, Request

from connection.limits import BODY_BYTES_MAX
from connection.protocol import REFUSAL
from connection.refusals import TooLarge
from receiver.refusals import BadEncoding, NoLength, UnknownCoding


async def read_body(request: Request) -> bytes:
    """Return the body as the client wrote it before compression.

    Raise NoLength, TooLarge, UnknownCoding, BadEncoding, any refusal of the protocol, or ClientDisconnect.  Never holds
    more than twice BODY_BYTES_MAX.  What the header reveals is refused before the first byte is read, so that a client
    that expects `100 Continue` need not send the body.
    """
    coding = ", ".join(request.headers.getlist("content-encoding")).strip().lower() or "identity"
    if coding not in {"identity", "gzip", "x-gzip"}:
        raise UnknownCoding(
            "This Content-Encoding is unknown.", "Content-Encoding", "Send gzip, or no Content-Encoding."
        )
    length = request.headers.get("content-length")
    if length is None and "transfer-encoding" not in request.headers:
        raise NoLength("The body has no length.", "Content-Length", "Send Content-Length, or a chunked body.")
    if length is not None and int(length) > BODY_BYTES_MAX:  # always digits: httptools checks that
        raise _too_large()
    received = await _receive(request)
    return _inflate(received) if coding != "identity" else bytes(received)


async def _receive(request: Request) -> bytearray:
    received = bytearray()
    while True:
        message = await request.receive()
        if refusal := request.scope.get(REFUSAL):
            raise refusal
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        received += message["body"]
        if len(received) > BODY_BYTES_MAX:
            raise _too_large()
        if not message["more_body"]:
            return received


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
        raise _bad_gzip("continues after its end")
    return plain


def _too_large() -> TooLarge:
    return TooLarge(
        "The report is too large.", "", f"Send at most {BODY_BYTES_MAX} bytes, before and after decompression."
    )


def _bad_gzip(fault: str) -> BadEncoding:
    return BadEncoding(
        f"The body {fault}.", "Content-Encoding", "Send one complete gzip member, or no Content-Encoding."
    )
