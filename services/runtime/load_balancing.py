"""Load balancing of calls over the replicas of a service."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the command balances its calls too, and starts without these
    from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor

    from services.runtime.tls import TlsSettings

LARGEST_PORT = 65_535
Address = IPv4Address | IPv6Address

# Prefixes of methods that change nothing: such a call may be repeated when its replica is gone.
READS = ("Get", "List", "Watch", "Stream", "Run", "Render", "Find")
RETRIES = {
    "maxAttempts": 4,
    "initialBackoff": "0.05s",
    "maxBackoff": "0.5s",
    "backoffMultiplier": 2,
    "retryableStatusCodes": ["UNAVAILABLE"],
}
OPTIONS = [
    ("grpc.dns_min_time_between_resolutions_ms", 1_000),  # looked up again when a replica is lost
    ("grpc.keepalive_time_ms", 15_000),  # a machine that vanishes is left out after 25 s
    ("grpc.keepalive_timeout_ms", 10_000),
]
NONE_SERVES = "backend unhealthy"


REPLICAS = "host:port; several with commas between, or a name that stands for several"


def check_addresses(addresses: str, tls: TlsSettings | None) -> None:
    """Raise ValueError unless it is one `host:port`, or several with commas between, each an IP address or localhost.

    Several are one service, whose certificates carry one name.
    """
    if len(_split(addresses)) > 1:
        _require_ips(addresses)
        if tls is not None and tls.is_on and not tls.tls_server_name:
            raise ValueError("several addresses need TLS_SERVER_NAME")


def is_spread(addresses: str) -> bool:
    """Return whether calls may go to several replicas: there are several addresses, or a name that may have several."""
    (host, _), *others = _split(addresses)
    return bool(others) or not (host == "localhost" or _ip(host))


def target_of(addresses: str) -> str:
    """Return the gRPC target of these addresses."""
    if len(_split(addresses)) == 1:
        return addresses
    ips = _require_ips(addresses)
    if all(isinstance(ip, IPv4Address) for ip, _ in ips):
        return "ipv4:" + ",".join(f"{ip}:{port}" for ip, port in ips)
    return "ipv6:" + ",".join(f"[{_as_ipv6(ip)}]:{port}" for ip, port in ips)


def options_of(services: Sequence[ServiceDescriptor]) -> list[tuple[str, Any]]:
    """Return the options of a channel to replicas that serve all these services.

    Calls go round robin to the replicas whose health reports the first service as serving. A call that a replica left
    unanswered is repeated at another when it reads or carries a `request_id`; an answer is final.
    """
    config: dict[str, Any] = {
        "loadBalancingConfig": [{"round_robin": {}}],
        "methodConfig": [{"name": list(_repeatable(services)), "retryPolicy": RETRIES}],
    }
    if services:
        config["healthCheckConfig"] = {"serviceName": services[0].full_name}
    return [*OPTIONS, ("grpc.service_config", json.dumps(config))]


def _repeatable(services: Iterable[ServiceDescriptor]) -> Iterable[dict[str, str]]:
    for service in services:
        for method in service.methods:
            if _is_repeatable(method):
                yield {"service": service.full_name, "method": method.name}


def _is_repeatable(method: MethodDescriptor) -> bool:
    return method.name.startswith(READS) or "request_id" in method.input_type.fields_by_name


def _split(addresses: str) -> list[tuple[str, int]]:
    """Return hosts and ports. Raises ValueError."""
    found = []
    for address in addresses.split(","):
        host, colon, port = address.strip().rpartition(":")
        if not (host and colon and port.isdecimal() and port.isascii() and int(port) <= LARGEST_PORT):
            raise ValueError("must be host:port, or several of them with commas between")
        found.append((host, int(port)))
    return found


def _require_ips(addresses: str) -> list[tuple[Address, int]]:
    """Return IP addresses and ports. Raises ValueError for names, of which gRPC looks up a single one."""
    ips = [(_ip("127.0.0.1" if host == "localhost" else host), port) for host, port in _split(addresses)]
    found = [(ip, port) for ip, port in ips if ip is not None]
    if len(found) < len(ips):
        raise ValueError("several must be IP addresses; one name may stand for several replicas")
    return found


def _ip(host: str) -> Address | None:
    try:
        return ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None


def _as_ipv6(ip: Address) -> IPv6Address:
    return ip if isinstance(ip, IPv6Address) else IPv6Address(f"::ffff:{ip}")
