"""Who may be dialled: the decision on one host, port and set of addresses. Pure.

A name is judged by every address it has: one that is not public refuses them all, since a name that leads both
outward and inward has no honest use here.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address, ip_network
from typing import Final, TypeAlias

from cynthia_pipeline.browser.egress.addresses import IPAddress, IPNetwork, NotPublic, why_not_public
from cynthia_pipeline.errors import ErrorCode

WEB_PORTS: Final = frozenset({80, 443})
_LOCALHOST: Final = IPv4Address("127.0.0.1")  # what localhost and all names under it mean: RFC 6761, section 6.3


@dataclass(frozen=True, slots=True)
class Allowed:
    """These very addresses may be dialled, in this order, and no other."""

    addresses: tuple[IPAddress, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing may be dialled.

    Attributes:
        code: ADDRESS_REFUSED, PORT_REFUSED or HOST_NOT_FOUND (a name without any address).
        why: for operators: what the refused address is.
    """

    code: ErrorCode
    why: NotPublic | None = None


Verdict: TypeAlias = Allowed | Refused


@dataclass(frozen=True, slots=True)
class EgressPolicy:
    """What lies outside the public web and may be opened all the same.

    Attributes:
        allow_hosts: names and addresses that may be opened at any address and port.
        allow_networks: addresses within may be opened on any port, under any name.
        ports: what everybody else may be asked on.
    """

    allow_hosts: frozenset[str] = frozenset()
    allow_networks: tuple[IPNetwork, ...] = ()
    ports: frozenset[int] = WEB_PORTS

    @classmethod
    def allowing(cls, entries: Iterable[str], ports: Iterable[int] = WEB_PORTS) -> "EgressPolicy":
        """The policy that CYNTHIA_ALLOW_HOSTS describes: exact hosts, addresses and CIDR ranges.

        Raises:
            ValueError: an entry looks like a range and is none.
        """
        networks = {entry: _as_network(entry) for entry in map(str.strip, entries) if entry}
        return cls(
            allow_hosts=frozenset(canonical_host(entry) for entry, net in networks.items() if net is None),
            allow_networks=tuple(net for net in networks.values() if net is not None),
            ports=frozenset(ports),
        )

    def decide(
        self, host: str, port: int, addresses: Collection[IPAddress], own: Collection[IPAddress] = ()
    ) -> Verdict:
        """Whether `host`, which has these `addresses`, may be asked on `port`.

        Args:
            host: as in the request; case and a trailing dot do not matter.
            port: the one that is asked for.
            addresses: all that the name resolved to, or the one that the host itself is.
            own: the machine's own addresses, public ones too: what listens there trusts its neighbours.
        """
        if not addresses:
            return Refused(ErrorCode.HOST_NOT_FOUND)
        if canonical_host(host) in self.allow_hosts:
            return Allowed(tuple(addresses))
        outside = [address for address in addresses if not self._is_allowed(address)]
        for address in outside:
            why = why_not_public(address) or (NotPublic.OWN if address in own else None)
            if why is not None:
                return Refused(ErrorCode.ADDRESS_REFUSED, why)
        if outside and port not in self.ports:
            return Refused(ErrorCode.PORT_REFUSED)
        return Allowed(tuple(addresses))

    def decide_at_sight(self, host: str, port: int) -> Refused | None:
        """What can be refused before the name is resolved: an address as host, this machine, a port."""
        address = literal_address(host)
        if address is None and canonical_host(host).rpartition(".")[2] == "localhost":
            address = _LOCALHOST
        if address is not None:
            verdict = self.decide(host, port, (address,))
            return verdict if isinstance(verdict, Refused) else None
        exempt = port in self.ports or canonical_host(host) in self.allow_hosts or self.allow_networks
        return None if exempt else Refused(ErrorCode.PORT_REFUSED)

    def _is_allowed(self, address: IPAddress) -> bool:
        return any(address in network for network in self.allow_networks)


def canonical_host(host: str) -> str:
    """`host` as it is compared: lower case, without brackets or trailing dot."""
    return host.strip("[]").lower().removesuffix(".")


def literal_address(host: str) -> IPAddress | None:
    """The address that `host` itself is; None for a name."""
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        return None


def _as_network(entry: str) -> IPNetwork | None:
    if "/" in entry:
        return ip_network(entry, strict=False)
    address = literal_address(entry)
    return None if address is None else ip_network(address)
