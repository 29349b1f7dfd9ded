"""Addresses of clients behind proxies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.client_addresses import ClientAddresses

BEHIND = ClientAddresses("10.0.0.0/8, fd00::/8")


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("10.0.0.1", ["203.0.113.7"], "203.0.113.7"),
        ("10.0.0.1", ["198.51.100.1, 203.0.113.7"], "203.0.113.7"),  # the client made up the first
        ("10.0.0.1", ["203.0.113.7, 10.0.0.2, 10.0.0.3"], "203.0.113.7"),
        ("10.0.0.1", ["198.51.100.1", "203.0.113.7,fd00::9"], "203.0.113.7"),  # several headers are one list
        ("fd00::1", ["2001:db8::5"], "2001:db8::5"),
        ("10.0.0.1", ["203.0.113.7:5123"], "203.0.113.7"),
        ("10.0.0.1", ["203.0.113.7, nonsense"], "10.0.0.1"),
        ("10.0.0.1", ["10.0.0.2, 10.0.0.3"], "10.0.0.1"),
        ("10.0.0.1", [""], "10.0.0.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("203.0.113.9", ["203.0.113.7"], "203.0.113.9"),  # a stranger's header counts for nothing
    ],
)
def test_the_client_is_the_last_that_no_proxy_is(peer: str, forwarded: list[str], expected: str) -> None:
    """From the right, and only what a proxy of ours says."""
    assert expected == BEHIND.behind(peer, forwarded)


def test_without_trusted_proxies_the_client_is_the_peer() -> None:
    """So it is by default."""
    assert "127.0.0.1" == ClientAddresses().behind("127.0.0.1", ["203.0.113.7"])
    assert not ClientAddresses().is_proxy("127.0.0.1")


@given(st.lists(st.text(max_size=50), max_size=5))
def test_whatever_a_client_makes_up_the_last_address_is_the_one_that_the_proxy_saw(made_up: list[str]) -> None:
    """It stands behind everything that the client sent."""
    assert "203.0.113.7" == BEHIND.behind("10.0.0.1", [*made_up, "203.0.113.7"])
