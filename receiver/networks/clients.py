"""Which network a request comes from.  The address itself never leaves this module."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from starlette.requests import Request

from connection.networks import Network, is_in, network_of, read_address

_logger = logging.getLogger("receiver")
_FORWARDING = {b"x-forwarded-for", b"forwarded"}
_OF_NOBODY = b"\0"  # what comes through a proxy and no address at all


@dataclass
class Clients:
    """Tells networks apart; `count_unnamed_proxy` is called for each request of a proxy that is not named."""

    trusted: Sequence[Network]
    count_unnamed_proxy: Callable[[], None]
    is_proxy_unnamed: bool = field(default=False, init=False)  # whether such a request has come

    def network_of(self, request: Request) -> bytes | None:
        """Return the client's network; None on loopback that speaks for nobody else: it is exempt from limits."""
        peer = request.scope["client"][0] if request.scope["client"] else None
        is_forwarded = any(name in _FORWARDING for name, _ in request.scope["headers"])
        if peer == "127.0.0.1" and not is_forwarded:
            return None  # the common case without a proxy, with no address to parse
        if is_forwarded and _is_unnamed_proxy(peer, self.trusted):
            self._notice_unnamed_proxy()
        forwarded_for = request.headers.getlist("x-forwarded-for")
        return network_of_client(peer, forwarded_for, self.trusted, is_forwarded=is_forwarded)

    def _notice_unnamed_proxy(self) -> None:
        self.count_unnamed_proxy()
        if not self.is_proxy_unnamed:
            self.is_proxy_unnamed = True
            _logger.warning("%s", UNNAMED_PROXY)


UNNAMED_PROXY = (
    "A proxy on this machine is not named in POPCON_TRUSTED_PROXIES: all of its clients share the limits of one "
    "network. Set POPCON_TRUSTED_PROXIES to its address, such as 127.0.0.1."
)


def network_of_client(
    peer: str | None, forwarded_for: Sequence[str], trusted: Sequence[Network], *, is_forwarded: bool
) -> bytes | None:
    """Return the client's network as packed bytes; None on loopback, unless a forwarding header is there.

    `forwarded_for` are the values of X-Forwarded-For.  Only what `trusted` proxies wrote is believed: read from the
    right, the first address that is not a trusted proxy is the client's.  A proxy that names no client, or names it in
    a way that cannot be read, is the client: what stands further left may be the client's own invention.
    """
    client = read_address(peer)
    hops = [hop for value in forwarded_for for hop in value.split(",")]
    while client and hops and is_in(client, trusted):
        named = read_address(hops.pop())
        if named is None:
            break
        client = named
    if client is None:
        return _OF_NOBODY if is_forwarded else None
    if client.is_loopback and not is_forwarded:
        return None
    return network_of(client)


def _is_unnamed_proxy(peer: str | None, trusted: Sequence[Network]) -> bool:
    address = read_address(peer)
    return address is not None and address.is_loopback and not is_in(address, trusted)
