"""Addresses that the public internet reaches, so that a webhook cannot point into a private network."""

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

NAT64 = IPv6Network("64:ff9b::/96")


def is_public(text: str) -> bool:
    """Return whether an IP address is a public one; an IPv4 address within an IPv6 one counts as what it is."""
    address = _unwrapped(ip_address(text.partition("%")[0]))
    is_old_private = isinstance(address, IPv6Address) and address.is_site_local  # fec0::/10 of RFC 3879
    return address.is_global and not (address.is_multicast or address.is_reserved or is_old_private)


def _unwrapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv4Address):
        return address
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or address


async def addresses_of(host: str, port: int) -> list[str]:
    """Return the addresses that a name, or an address in any spelling, stands for. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))
