"""All connections of a server, in the order in which something was last heard of them.

When there are too many, of all or of one network, the one that was silent longest makes room, whatever it is waiting
for: to send its header or its body, for its next request, or to read its answer.  Only one that the server itself keeps
waiting stays.
"""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Protocol

from connection import limits
from connection.networks import Network, is_in, network_of, read_address


class Member(Protocol):
    """A connection, as the crowd sees it."""

    def waits_for_server(self) -> bool: ...
    def abort(self) -> None: ...


class Crowd:
    """The connections of one server; loopback and `proxies` may have any number of them."""

    def __init__(self, proxies: Sequence[Network] = ()) -> None:
        self._proxies = proxies
        self._everyone: OrderedDict[Member, None] = OrderedDict()
        self._of_network: dict[bytes, OrderedDict[Member, None]] = {}
        self._network_of: dict[Member, bytes] = {}

    def join(self, member: Member, peer: str | None) -> bool:
        """Take in a connection from the address `peer`; return False where there is no room for it."""
        network = self._bounded_network(peer)
        self._everyone[member] = None
        if network is not None:
            self._network_of[member] = network
            neighbours = self._of_network.setdefault(network, OrderedDict())
            neighbours[member] = None
            if len(neighbours) > limits.NETWORK_CONNECTIONS_MAX:
                return self._make_room(neighbours, member)
        if len(self._everyone) > limits.CONNECTIONS_MAX:
            return self._make_room(self._everyone, member)
        return True

    def leave(self, member: Member) -> None:
        self._everyone.pop(member, None)
        network = self._network_of.pop(member, None)
        if network is not None:
            del self._of_network[network][member]
            if not self._of_network[network]:
                del self._of_network[network]

    def hear(self, member: Member) -> None:
        """Take notice that the client has sent or read something."""
        if member in self._everyone:
            self._everyone.move_to_end(member)
            network = self._network_of.get(member)
            if network is not None:
                self._of_network[network].move_to_end(member)

    @property
    def is_dense(self) -> bool:
        return len(self._everyone) * 2 >= limits.CONNECTIONS_MAX

    def _bounded_network(self, peer: str | None) -> bytes | None:
        if peer == "127.0.0.1":
            return None  # the common case, with no address to parse
        address = read_address(peer)
        if address is None or address.is_loopback or is_in(address, self._proxies):
            return None
        return network_of(address)

    def _make_room(self, members: "OrderedDict[Member, None]", newcomer: Member) -> bool:
        """Close the connection that was silent longest; return False where the server keeps all of them waiting."""
        for member in members:
            if member is not newcomer and not member.waits_for_server():
                self.leave(member)
                member.abort()
                return True
        return False
