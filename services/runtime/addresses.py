"""Addresses of peers and clients in one spelling, and networks of them."""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Annotated
from urllib.parse import unquote

from pydantic import AfterValidator

Network = IPv4Network | IPv6Network
IPV6_PREFIX = 64  # what one customer of a provider has at least
LONGEST = 64  # an address with brackets, zone and port


def ip_of(text: str) -> str | None:
    """Return an IP address, which may have brackets, a zone and a port, in its usual spelling; None for other text."""
    found = _ip(text)
    return None if found is None else str(found)


def peer_address(peer: str) -> str:
    """Return the address in what gRPC calls a peer, such as `ipv6:%5B::1%5D:50051`; other kinds as they are."""
    kind, _, address = peer.partition(":")
    return ip_of(unquote(address)) or kind


def network_of(address: str) -> str:
    """Return what an address counts as: IPv4 as itself, IPv6 as its /64, other text as it is."""
    found = _ip(address)
    if isinstance(found, IPv6Address):
        return str(IPv6Network((int(found), IPV6_PREFIX), strict=False))
    return address if found is None else str(found)


def networks_of(text: str) -> tuple[Network, ...]:
    """Return the networks that stand in a text with commas between. Raises ValueError."""
    return tuple(_network(one.strip()) for one in text.split(",") if one.strip())


def is_in(address: str, networks: Sequence[Network]) -> bool:
    """Return whether an address belongs to one of the networks."""
    if not networks:
        return False
    found = _ip(address)
    return found is not None and any(found in network for network in networks)


def _network(text: str) -> Network:
    try:
        return ip_network(text)
    except ValueError:
        raise ValueError(f"must be networks such as 10.0.0.0/8 with commas between, not {text!r}") from None


def _are_networks(text: str) -> str:
    networks_of(text)
    return text


Networks = Annotated[str, AfterValidator(_are_networks)]


@lru_cache(4096)
def _ip(text: str) -> IPv4Address | IPv6Address | None:
    text = text.strip()
    if len(text) > LONGEST:
        return None
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:  # IPv4 and a port
        text = text.partition(":")[0]
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (isinstance(found, IPv6Address) and found.ipv4_mapped) or found
