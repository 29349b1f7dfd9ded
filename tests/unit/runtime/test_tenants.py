"""Tenants: accounts, and addresses of those without one."""

import pytest

from services.runtime.tenants import tenant_of


@pytest.mark.parametrize(
    ("account_id", "address", "expected"),
    [
        (7, "203.0.113.9", "account 7"),
        (None, "203.0.113.9", "address 203.0.113.9"),
        (None, "::ffff:203.0.113.9", "address 203.0.113.9"),
        (None, "2001:db8:1:2:3:4:5:6", "address 2001:db8:1:2::/64"),
        (None, "unix", "address unix"),
        (0, "", "address "),
    ],
)
def test_calls_count_by_account_or_else_by_network(account_id: int | None, address: str, expected: str) -> None:
    """An IPv6 customer has a /64 at least; IPv4 in IPv6 is IPv4."""
    assert expected == tenant_of(account_id, address)
