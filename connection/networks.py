"""Which network an address belongs to: IPv4 by /24, IPv6 by /48."""

import ipaddress
from collections.abc import Collection, Sequence

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_PREFIX = {4: 24, 6: 48}


def network_of(address: Address) -> bytes:
    """Return the address's network as packed bytes, with the version in front."""
    network = ipaddress.ip_network((address, _PREFIX[address.version]), strict=False)
    return bytes([address.version]) + network.network_address.packed


def is_in(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)


def names_one_of(host: str, names: Collection[str]) -> bool:
    """Return whether a Host header, with or without a port, has one of these names."""
    return host.rpartition(":")[0] in names or host in names


def read_address(text: str | None) -> Address | None:
    """Read an address as proxies write it: with a port, in brackets, or IPv4 mapped into IPv6.  None: it is none."""
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
