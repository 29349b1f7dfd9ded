"""Addresses and networks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from services.runtime.addresses import Networks, ip_of, is_in, network_of, networks_of, peer_address


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("192.0.2.1", "192.0.2.1"),
        (" 192.0.2.1:80 ", "192.0.2.1"),
        ("[2001:DB8::1]:443", "2001:db8::1"),
        ("2001:0db8:0:0::1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("unknown", None),
        ("_hidden", None),
        ("", None),
        ("192.0.2.1.example", None),
        ("1" * 10_000, None),
    ],
)
def test_an_address_has_one_spelling(text: str, expected: str | None) -> None:
    """Without port, brackets and zone; IPv4 in IPv6 is IPv4; other text is no address."""
    assert expected == ip_of(text)


@pytest.mark.parametrize(
    ("peer", "expected"),
    [
        ("ipv4:127.0.0.1:50051", "127.0.0.1"),
        ("ipv6:%5B::1%5D:50051", "::1"),
        ("ipv6:[2001:db8::7]:1", "2001:db8::7"),
        ("unix:", "unix"),
    ],
)
def test_a_peer_of_grpc_is_an_address(peer: str, expected: str) -> None:
    """Without the port, which another call has changed."""
    assert expected == peer_address(peer)


def test_ipv6_counts_by_its_network() -> None:
    """64 bits; IPv4 and other text count as themselves."""
    assert "2001:db8:1:2::/64" == network_of("2001:db8:1:2:3::4")
    assert ["192.0.2.1", "unix"] == [network_of("192.0.2.1"), network_of("unix")]


def test_networks_stand_with_commas_between() -> None:
    """IPv4 and IPv6, single addresses too; what is none is a wrong setting."""
    networks = networks_of("10.0.0.0/8, fd00::/8,192.0.2.1,")

    assert [True, True, True, False, False] == [
        is_in(address, networks) for address in ("10.1.2.3", "fd12::1", "192.0.2.1", "11.0.0.1", "no address")
    ]
    for wrong in ("10.0.0.1/8", "localhost", "10.0.0.0/8;fd00::/8"):
        with pytest.raises(ValidationError):
            TypeAdapter(Networks).validate_python(wrong)


@given(st.ip_addresses())
def test_an_address_stays_itself(address: object) -> None:
    """However often it is read."""
    once = ip_of(str(address))

    assert once is not None
    assert once == ip_of(once)
