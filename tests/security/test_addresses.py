"""Every kind of address, against a table, and whole ranges against Python's own knowledge of the registries."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cynthia_pipeline.browser.egress import NotPublic, why_not_public

PUBLIC = [
    "1.0.0.1",
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "93.184.216.34",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "168.63.129.15",
    "168.63.129.17",
    "169.253.255.255",
    "169.255.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "191.255.255.255",
    "192.0.1.0",
    "192.0.3.0",
    "192.31.195.255",
    "192.31.197.0",
    "192.52.192.255",
    "192.52.194.0",
    "192.88.98.255",
    "192.88.100.0",
    "192.167.255.255",
    "192.169.0.0",
    "192.175.47.255",
    "192.175.49.0",
    "198.17.255.255",
    "198.20.0.0",
    "198.51.99.255",
    "198.51.101.0",
    "203.0.112.255",
    "203.0.114.0",
    "223.255.255.255",
    "2001:200::",
    "2001:4860:4860::8888",
    "2001:db7::",
    "2001:db9::",
    "2003::",
    "2606:4700:4700::1111",
    "2620:4f:7fff::",
    "2620:4f:8001::",
    "2a00:1450:4001:81b::200e",
    "3ffd::",
    "3fff:1000::",
]

REFUSED = {
    NotPublic.UNSPECIFIED: "0.0.0.0 ::",
    NotPublic.THIS_NETWORK: "0.0.0.1 0.255.255.255 ::2 ::ffff:0.0.0.1",
    NotPublic.LOOPBACK: """127.0.0.0 127.0.0.1 127.1.2.3 127.255.255.255 ::1 ::ffff:127.0.0.1 ::127.0.0.1
        ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b:1::7f00:1 2002:7f00:1:: 2001::80ff:fffe""",
    NotPublic.PRIVATE: """10.0.0.0 10.255.255.255 172.16.0.0 172.31.255.255 192.168.0.0 192.168.255.255
        ::ffff:10.0.0.1 ::ffff:c0a8:1 ::10.1.2.3 64:ff9b::10.0.0.1 64:ff9b::ac10:1 2002:a00:1::1 2002:c0a8:101::
        2001:0:4136:e378:8000:63bf:f5ff:fffe""",
    NotPublic.UNIQUE_LOCAL: "fc00:: fc00::1 fd00:ec2::253 fd12:3456:789a::1 fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    NotPublic.LINK_LOCAL: """169.254.0.0 169.254.1.1 169.254.255.255 fe80:: fe80::1 fe80::1%1 febf:ffff::
        ::ffff:169.254.7.7""",
    NotPublic.SITE_LOCAL: "fec0:: fec0::1 feff:ffff::",
    NotPublic.CARRIER_NAT: "100.64.0.0 100.100.100.199 100.127.255.255 ::ffff:100.64.0.1",
    NotPublic.CLOUD_METADATA: """169.254.169.254 169.254.170.2 169.254.170.23 169.254.42.42 169.254.0.23
        168.63.129.16 100.100.100.200 192.0.0.192 fd00:ec2::254 fd00:ec2::23 fd20:ce::254 fd00:42::42
        ::ffff:169.254.169.254 ::ffff:a9fe:a9fe ::169.254.169.254 64:ff9b::a9fe:a9fe 2002:a9fe:a9fe::1
        2001::5601:5601""",
    NotPublic.MULTICAST: "224.0.0.0 224.0.0.251 239.255.255.255 ff00:: ff02::1 ff02::fb ffff:: ::ffff:224.0.0.1",
    NotPublic.BROADCAST: "255.255.255.255 ::ffff:255.255.255.255",
    NotPublic.DOCUMENTATION: """2001:0:4136:e378:8000:63bf:3fff:fdd2
        192.0.2.0 192.0.2.255 198.51.100.1 203.0.113.255 2001:db8:: 2001:db8:ffff::1 3fff::
        3fff:fff:ffff::""",
    NotPublic.BENCHMARKING: "198.18.0.0 198.19.255.255 2001:2:: 2001:2:0:ffff::",
    NotPublic.PROTOCOL: """192.0.0.0 192.0.0.9 192.0.0.10 192.0.0.170 192.0.0.255 192.31.196.1 192.52.193.1
        192.175.48.1 2001:1::1 2001:3::1 2001:4:112::1 2001:10::1 2001:20::1 2001:30::1 2001:1ff:ffff::
        2620:4f:8000::1""",
    NotPublic.DISCARD: "100:: 100::1 100:0:0:1::1",
    NotPublic.SEGMENT_ROUTING: "5f00:: 5f00:ffff::1",
    NotPublic.IPV4_MAPPED: "::ffff:8.8.8.8 ::ffff:808:808",
    NotPublic.IPV4_COMPATIBLE: "::8.8.8.8 ::808:808",
    NotPublic.IPV4_TRANSLATED: "::ffff:0:8.8.8.8",
    NotPublic.NAT64: "64:ff9b::8.8.8.8 64:ff9b:1::808:808 64:ff9b:1:ffff::808:808",
    NotPublic.SIX_TO_FOUR: "192.88.99.1 192.88.99.2 2002:808:808::1",
    NotPublic.TEREDO: "2001::f7f7:f7f7 2001:0:4136:e378:8000:63bf:f7f7:f7f7",
    NotPublic.RESERVED: """240.0.0.0 250.1.2.3 255.255.255.254 ::ffff:240.0.0.1 1:: 64:ff9a:: 64:ff9b:2:: 100:0:0:2::
        200:: 1fff:: 3ffe::1 4000:: 5eff:: 5f01:: 8000:: fbff:: fe00:: fe7f::""",
}
VECTORS = [(text, None) for text in PUBLIC] + [
    (text, reason) for reason, texts in REFUSED.items() for text in texts.split()
]


@pytest.mark.parametrize(("text", "reason"), VECTORS)
def test_each_kind(text: str, reason: NotPublic | None) -> None:
    assert why_not_public(ip_address(text)) is reason


def test_the_table_is_broad() -> None:
    assert len(VECTORS) >= 150
    assert set(REFUSED) == set(NotPublic) - {NotPublic.OWN}
    assert len({text for text, _ in VECTORS}) == len(VECTORS)


IPV4 = st.integers(0, 2**32 - 1).map(IPv4Address)
IPV6 = st.integers(0, 2**128 - 1).map(IPv6Address)


def within(blocks: list[str]) -> st.SearchStrategy[IPv4Address | IPv6Address]:
    """Addresses of these blocks, and the ones just beside them."""
    networks = [IPv6Network(block) if ":" in block else IPv4Network(block) for block in blocks]

    def near(network: IPv4Network | IPv6Network) -> st.SearchStrategy[IPv4Address | IPv6Address]:
        first, last = int(network.network_address), int(network.broadcast_address)
        kind = IPv4Address if network.version == 4 else IPv6Address
        edge = st.sampled_from([max(first - 1, 0), first, last, min(last + 1, 2**network.max_prefixlen - 1)])
        return (st.integers(first, last) | edge).map(kind)

    return st.sampled_from(networks).flatmap(near)


SPECIAL = within(
    [
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24"),
        *("192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24"),
        *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "255.255.255.255/32"),
        *("::/127", "::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64"),
        *("2001::/23", "2001::/32", "2001:2::/48", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"),
        *("5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
    ]
)


@given(IPV4 | IPV6 | SPECIAL)
def test_what_python_calls_special_is_never_public(address: IPv4Address | IPv6Address) -> None:
    special = (
        not address.is_global
        or address.is_multicast
        or address.is_reserved
        or address.is_loopback
        or address.is_link_local
        or address.is_unspecified
        or (isinstance(address, IPv6Address) and address.is_site_local)
    )
    if special:
        assert why_not_public(address) is not None


STRICTER: list[IPv4Network | IPv6Network] = [
    *map(IPv4Network, ("192.0.0.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.175.48.0/24")),
    IPv4Network("168.63.129.16/32"),
    *map(IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "100:0:0:1::/64", "2001::/23", "2002::/16", "3ffe::/16")),
    *map(IPv6Network, ("2620:4f:8000::/48", "3fff::/20", "5f00::/16", "fec0::/10")),
]


@given(IPV4 | IPV6 | SPECIAL)
def test_what_python_calls_global_is_public_but_for_the_known_exceptions(address: IPv4Address | IPv6Address) -> None:
    if address.is_global and not address.is_multicast and not address.is_reserved:
        stricter = any(block.version == address.version and address in block for block in STRICTER)
        assert (why_not_public(address) is not None) == stricter


@given(IPV4)
def test_an_ipv4_address_inside_ipv6_is_never_public_and_keeps_its_reason(inner: IPv4Address) -> None:
    number = int(inner)
    forms = [
        IPv6Address(0xFFFF << 32 | number),
        IPv6Address(0xFFFF << 48 | number),
        IPv6Address(0x64_FF9B << 96 | number),
        IPv6Address(0x64_FF9B_0001 << 80 | number),
        IPv6Address(0x2002 << 112 | number << 80),
        IPv6Address(0x2001_0000 << 96 | (~number & 0xFFFF_FFFF)),
    ]
    reasons = {why_not_public(form) for form in forms}
    own = why_not_public(inner)
    assert None not in reasons
    if own is not None:
        assert reasons == {own}
