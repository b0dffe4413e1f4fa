"""Which network an upload comes from.  The address itself never leaves this module."""

import ipaddress
from collections.abc import Sequence

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_PREFIX = {4: 24, 6: 48}


def network_of_client(peer: str | None, forwarded_for: Sequence[str], trusted: Sequence[Network]) -> bytes | None:
    """Return the client's network as packed bytes; None on loopback, which is exempt from limits and tags.

    `forwarded_for` are the values of X-Forwarded-For.  Only what `trusted` proxies wrote is believed: read from the
    right, the first address that is not a trusted proxy is the client's.  A proxy that names no client is the client.
    """
    if peer == "127.0.0.1" and not trusted:
        return None  # the common case without a proxy, with no address to parse
    client = _address(peer)
    hops = [hop for value in forwarded_for for hop in value.split(",")]
    while client and hops and any(client in network for network in trusted):
        client = _address(hops.pop()) or client
    if client is None or client.is_loopback:
        return None
    network = ipaddress.ip_network((client, _PREFIX[client.version]), strict=False)
    return bytes([client.version]) + network.network_address.packed


def _address(text: str | None) -> _Address | None:
    """Read an address as proxies write it: with a port, in brackets, or IPv4 mapped into IPv6."""
    text = (text or "").strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])  # without the interface of a link-local address
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
