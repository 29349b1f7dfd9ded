"""Tenants: whom calls count for where capacity is shared, an account or else the network of a client's address."""

from services.runtime.addresses import network_of


def tenant_of(account_id: int | None, address: str = "") -> str:
    """Return whom a call counts for: its account, and without one the address of its client, of IPv6 its /64."""
    return f"account {account_id}" if account_id else f"address {network_of(address)}"
