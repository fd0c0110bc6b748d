"""Which IP addresses are on the public internet, and why the others are not. Pure.

After the IANA registries of special-purpose addresses (RFC 6890 and successors, as of October 2025), stricter
where they allow more than a web site needs: anycast services that the nearest router answers (PCP, TURN, AMT,
AS112) are the network's own equipment, so they are refused although the registry calls them reachable.
"""

from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import Final, TypeAlias

IPAddress: TypeAlias = IPv4Address | IPv6Address
IPNetwork: TypeAlias = IPv4Network | IPv6Network


class NotPublic(StrEnum):
    """Why an address is not on the public internet."""

    UNSPECIFIED = "unspecified"
    THIS_NETWORK = "this_network"
    LOOPBACK = "loopback"
    PRIVATE = "private"
    UNIQUE_LOCAL = "unique_local"
    LINK_LOCAL = "link_local"
    SITE_LOCAL = "site_local"
    CARRIER_NAT = "carrier_nat"
    CLOUD_METADATA = "cloud_metadata"
    MULTICAST = "multicast"
    BROADCAST = "broadcast"
    DOCUMENTATION = "documentation"
    BENCHMARKING = "benchmarking"
    PROTOCOL = "protocol"
    DISCARD = "discard"
    SEGMENT_ROUTING = "segment_routing"
    IPV4_MAPPED = "ipv4_mapped"
    IPV4_COMPATIBLE = "ipv4_compatible"
    IPV4_TRANSLATED = "ipv4_translated"
    NAT64 = "nat64"
    SIX_TO_FOUR = "6to4"
    TEREDO = "teredo"
    RESERVED = "reserved"
    OWN = "own"


def _table(*rows: tuple[str, NotPublic]) -> tuple[tuple[IPNetwork, NotPublic], ...]:
    return tuple((ip_network(block), reason) for block, reason in rows)


# In each table the first match counts, so the narrower block stands before the wider one.
_IPV4: Final = _table(
    ("169.254.169.254/32", NotPublic.CLOUD_METADATA),  # AWS, Azure, Google, OpenStack, DigitalOcean, Oracle
    ("169.254.170.2/32", NotPublic.CLOUD_METADATA),  # AWS ECS task credentials
    ("169.254.170.23/32", NotPublic.CLOUD_METADATA),  # AWS EKS pod identity
    ("169.254.42.42/32", NotPublic.CLOUD_METADATA),  # Scaleway
    ("169.254.0.23/32", NotPublic.CLOUD_METADATA),  # Tencent
    ("168.63.129.16/32", NotPublic.CLOUD_METADATA),  # Azure's WireServer, in the middle of public space
    ("100.100.100.200/32", NotPublic.CLOUD_METADATA),  # Alibaba
    ("192.0.0.192/32", NotPublic.CLOUD_METADATA),  # Oracle, classic
    ("0.0.0.0/32", NotPublic.UNSPECIFIED),
    ("0.0.0.0/8", NotPublic.THIS_NETWORK),
    ("10.0.0.0/8", NotPublic.PRIVATE),
    ("100.64.0.0/10", NotPublic.CARRIER_NAT),
    ("127.0.0.0/8", NotPublic.LOOPBACK),
    ("169.254.0.0/16", NotPublic.LINK_LOCAL),
    ("172.16.0.0/12", NotPublic.PRIVATE),
    ("192.0.0.0/24", NotPublic.PROTOCOL),
    ("192.0.2.0/24", NotPublic.DOCUMENTATION),
    ("192.31.196.0/24", NotPublic.PROTOCOL),  # AS112-v4
    ("192.52.193.0/24", NotPublic.PROTOCOL),  # AMT
    ("192.88.99.0/24", NotPublic.SIX_TO_FOUR),  # relay anycast, deprecated by RFC 7526
    ("192.168.0.0/16", NotPublic.PRIVATE),
    ("192.175.48.0/24", NotPublic.PROTOCOL),  # direct delegation AS112
    ("198.18.0.0/15", NotPublic.BENCHMARKING),
    ("198.51.100.0/24", NotPublic.DOCUMENTATION),
    ("203.0.113.0/24", NotPublic.DOCUMENTATION),
    ("224.0.0.0/4", NotPublic.MULTICAST),
    ("255.255.255.255/32", NotPublic.BROADCAST),
    ("240.0.0.0/4", NotPublic.RESERVED),
)
_IPV6: Final = _table(
    ("fd00:ec2::254/128", NotPublic.CLOUD_METADATA),  # AWS
    ("fd00:ec2::23/128", NotPublic.CLOUD_METADATA),  # AWS EKS pod identity
    ("fd20:ce::254/128", NotPublic.CLOUD_METADATA),  # Google
    ("fd00:42::42/128", NotPublic.CLOUD_METADATA),  # Scaleway
    ("::/128", NotPublic.UNSPECIFIED),
    ("::1/128", NotPublic.LOOPBACK),
    ("::/96", NotPublic.IPV4_COMPATIBLE),
    ("::ffff:0:0/96", NotPublic.IPV4_MAPPED),
    ("::ffff:0:0:0/96", NotPublic.IPV4_TRANSLATED),
    ("64:ff9b::/96", NotPublic.NAT64),
    ("64:ff9b:1::/48", NotPublic.NAT64),
    ("100::/64", NotPublic.DISCARD),
    ("100:0:0:1::/64", NotPublic.DISCARD),  # dummy prefix, RFC 9780
    ("2001::/32", NotPublic.TEREDO),
    ("2001:2::/48", NotPublic.BENCHMARKING),
    ("2001:db8::/32", NotPublic.DOCUMENTATION),
    ("2001::/23", NotPublic.PROTOCOL),
    ("2002::/16", NotPublic.SIX_TO_FOUR),
    ("2620:4f:8000::/48", NotPublic.PROTOCOL),  # direct delegation AS112
    ("3ffe::/16", NotPublic.RESERVED),  # the 6bone's, returned by RFC 3701
    ("3fff::/20", NotPublic.DOCUMENTATION),
    ("5f00::/16", NotPublic.SEGMENT_ROUTING),
    ("fc00::/7", NotPublic.UNIQUE_LOCAL),
    ("fe80::/10", NotPublic.LINK_LOCAL),
    ("fec0::/10", NotPublic.SITE_LOCAL),
    ("ff00::/8", NotPublic.MULTICAST),
)
_GLOBAL_UNICAST: Final = IPv6Network("2000::/3")  # RFC 4291, section 2.4: all that IANA hands out so far
_LOW_32: Final = 0xFFFF_FFFF


def why_not_public(address: IPAddress) -> NotPublic | None:
    """Why `address` is not on the public internet; None if it is.

    A form of IPv6 that carries an IPv4 address inside is never public. Its reason is the inner address's where
    that has one, since that is what the sender was after.
    """
    if isinstance(address, IPv4Address):
        return _first_match(address, _IPV4)
    reason = _first_match(address, _IPV6)
    if reason is None:
        return None if address in _GLOBAL_UNICAST else NotPublic.RESERVED
    inner = _inner_ipv4(address, reason)
    return reason if inner is None else _first_match(inner, _IPV4) or reason


def _first_match(address: IPAddress, table: tuple[tuple[IPNetwork, NotPublic], ...]) -> NotPublic | None:
    return next((reason for block, reason in table if address in block), None)


def _inner_ipv4(address: IPv6Address, form: NotPublic) -> IPv4Address | None:
    match form:
        case NotPublic.IPV4_MAPPED | NotPublic.IPV4_COMPATIBLE | NotPublic.IPV4_TRANSLATED | NotPublic.NAT64:
            return IPv4Address(int(address) & _LOW_32)
        case NotPublic.SIX_TO_FOUR:
            return address.sixtofour
        case NotPublic.TEREDO:
            return IPv4Address(~int(address) & _LOW_32)  # RFC 4380, section 4: the client's, inverted
        case _:
            return None
