"""Which network an upload comes from."""

import ipaddress

import pytest

from receiver.networks.clients import network_of_client

LOOPBACK = b"\x04\x7f\x00\x00\x00"
PROXIES = (ipaddress.ip_network("127.0.0.1/32"), ipaddress.ip_network("10.0.0.0/8"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("192.0.2.77", [], b"\x04\xc0\x00\x02\x00"),
        ("192.0.2.200", [], b"\x04\xc0\x00\x02\x00"),
        ("192.0.2.77", ["198.51.100.1"], b"\x04\xc0\x00\x02\x00"),  # a stranger's word on its own address
        ("127.0.0.1", [], None),
        ("::1", [], None),
        ("127.0.0.1", ["198.51.100.1"], b"\x04\xc6\x33\x64\x00"),
        ("127.0.0.1", ["192.0.2.1, 198.51.100.1"], b"\x04\xc6\x33\x64\x00"),  # what the client made up stands left
        ("127.0.0.1", ["192.0.2.1", "198.51.100.1"], b"\x04\xc6\x33\x64\x00"),
        ("127.0.0.1", ["198.51.100.1, 10.1.2.3"], b"\x04\xc6\x33\x64\x00"),
        ("127.0.0.1", ["198.51.100.1:4711"], b"\x04\xc6\x33\x64\x00"),
        ("127.0.0.1", ["garbage"], LOOPBACK),
        ("127.0.0.1", ["192.0.2.1, unknown"], LOOPBACK),  # found: what the client made up was believed
        ("127.0.0.1", ["192.0.2.1, _hidden"], LOOPBACK),
        ("127.0.0.1", ["192.0.2.1, "], LOOPBACK),
        ("127.0.0.1", ["127.0.0.1"], LOOPBACK),  # found: a proxy that names loopback was exempt
        ("127.0.0.1", ["[2001:db8:1:2::3]:4711"], b"\x06\x20\x01\x0d\xb8\x00\x01" + bytes(10)),
        ("2001:db8:1:ffff::1", [], b"\x06\x20\x01\x0d\xb8\x00\x01" + bytes(10)),
        ("fe80::1%eth0", [], b"\x06\xfe\x80" + bytes(14)),
        ("::ffff:192.0.2.77", [], b"\x04\xc0\x00\x02\x00"),
    ],
)
def test_the_network_is_that_of_the_client(peer: str, forwarded: list[str], expected: bytes | None) -> None:
    """IPv4 by /24, IPv6 by /48, and a header only as far as a trusted proxy wrote it."""
    assert network_of_client(peer, forwarded, PROXIES, is_forwarded=bool(forwarded)) == expected


def test_no_proxy_is_trusted_unless_configured() -> None:
    """Without a trusted proxy a header only ends the exemption of loopback.

    Found: 1,300 of 1,300 uploads were taken through a proxy on this machine that was not named.
    """
    assert network_of_client("127.0.0.1", ["198.51.100.1"], (), is_forwarded=True) == LOOPBACK
    assert network_of_client("127.0.0.1", [], (), is_forwarded=True) == LOOPBACK, "Forwarded alone"
    assert network_of_client("192.0.2.1", ["198.51.100.1"], (), is_forwarded=True) == b"\x04\xc0\x00\x02\x00"
