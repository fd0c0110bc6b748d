"""Who may be dialled: the decision alone."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cynthia_pipeline.browser.egress import EgressPolicy, NotPublic, why_not_public
from cynthia_pipeline.browser.egress.policy import Allowed, Refused
from cynthia_pipeline.errors import ErrorCode

WEB = EgressPolicy()
A_PUBLIC = IPv4Address("93.184.215.14")
ADDRESSES = st.ip_addresses(v=4) | st.ip_addresses(v=6)


@given(st.lists(ADDRESSES, min_size=1, max_size=4), st.integers(1, 65535))
def test_without_a_list_only_public_addresses_on_web_ports(
    addresses: list[IPv4Address | IPv6Address], port: int
) -> None:
    verdict = WEB.decide("example.com", port, addresses)
    if isinstance(verdict, Allowed):
        assert list(verdict.addresses) == addresses
        assert all(why_not_public(address) is None for address in addresses)
        assert port in {80, 443}
    elif verdict.code is ErrorCode.ADDRESS_REFUSED:
        assert verdict.why in {why_not_public(address) for address in addresses}
    else:
        assert verdict == Refused(ErrorCode.PORT_REFUSED)
        assert port not in {80, 443}


@given(st.lists(ADDRESSES, min_size=1, max_size=3), ADDRESSES)
def test_one_bad_address_is_enough(
    addresses: list[IPv4Address | IPv6Address], other: IPv4Address | IPv6Address
) -> None:
    if isinstance(WEB.decide("a.example", 443, addresses), Refused):
        assert isinstance(WEB.decide("a.example", 443, [*addresses, other]), Refused)


def test_a_name_without_addresses_does_not_exist() -> None:
    assert WEB.decide("a.example", 443, ()) == Refused(ErrorCode.HOST_NOT_FOUND)


def test_a_public_address_of_this_machine_is_its_own() -> None:
    assert WEB.decide("a.example", 443, (A_PUBLIC,), {A_PUBLIC}) == Refused(ErrorCode.ADDRESS_REFUSED, NotPublic.OWN)


@pytest.mark.parametrize(
    ("entries", "host", "port", "address", "is_allowed"),
    [
        ("staging.internal", "staging.internal", 3000, "10.0.0.1", True),
        ("staging.internal", "STAGING.internal.", 3000, "10.0.0.1", True),
        ("staging.internal", "www.staging.internal", 80, "10.0.0.1", False),
        ("staging.internal", "xstaging.internal", 80, "10.0.0.1", False),
        ("127.0.0.1", "127.0.0.1", 8000, "127.0.0.1", True),
        ("127.0.0.1", "any.example", 8000, "127.0.0.1", True),
        ("127.0.0.1", "127.0.0.2", 8000, "127.0.0.2", False),
        ("127.0.0.1", "[::ffff:127.0.0.1]", 8000, "::ffff:127.0.0.1", False),
        ("10.0.0.0/8", "a.example", 22, "10.9.9.9", True),
        ("10.0.0.0/8", "a.example", 22, "11.9.9.9", False),
        ("10.1.2.3/8", "a.example", 22, "10.9.9.9", True),
        ("::1", "[::1]", 8000, "::1", True),
        ("fd00::/8", "a.example", 80, "fd12::1", True),
        ("localhost", "localhost", 5000, "127.0.0.1", True),
        ("localhost", "a.localhost", 5000, "127.0.0.1", False),
    ],
)
def test_what_a_team_allows(entries: str, host: str, port: int, address: str, *, is_allowed: bool) -> None:
    verdict = EgressPolicy.allowing(entries.split(",")).decide(host, port, (ip_address(address),))
    assert isinstance(verdict, Allowed) == is_allowed


def test_an_entry_that_is_no_range_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"10\.0\.0\.0/99"):
        EgressPolicy.allowing(["10.0.0.0/99"])
