"""Where the replicas of a service are, and how calls are spread over them."""

import json
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Annotated, Any

from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from pydantic import AfterValidator, ValidationInfo

from services.runtime.settings import LARGEST_PORT

Address = IPv4Address | IPv6Address

# Of methods that change nothing, so that a call may be made again when the replica that had it is gone.
READS = ("Get", "List", "Watch", "Stream", "Run", "Render", "Find")
RETRIES = {
    "maxAttempts": 4,
    "initialBackoff": "0.05s",
    "maxBackoff": "0.5s",
    "backoffMultiplier": 2,
    "retryableStatusCodes": ["UNAVAILABLE"],
}
OPTIONS = [
    ("grpc.dns_min_time_between_resolutions_ms", 1_000),  # asked for again when a replica is lost
    ("grpc.keepalive_time_ms", 15_000),  # a machine that is gone without a word is left out after 25 s
    ("grpc.keepalive_timeout_ms", 10_000),
]
NONE_SERVES = "backend unhealthy"


def _can_be_reached(addresses: str, info: ValidationInfo) -> str:
    if len(_split(addresses)) > 1:
        _require_places(addresses)
        tls = info.data.get("grpc_tls")
        if tls is not None and tls.is_on and not tls.tls_server_name:
            raise ValueError("several addresses need TLS_SERVER_NAME")
    return addresses


REPLICAS = "host:port; several with commas between, or a name that stands for several"

# One `host:port`, or several with commas between, of which each is an IP address or localhost.
# Such a field stands after `grpc_tls`: several are one service, whose certificates carry one name.
Addresses = Annotated[str, AfterValidator(_can_be_reached)]


def is_spread(addresses: str) -> bool:
    """Say whether calls may go to several replicas: there are several addresses, or a name that may have several."""
    (host, _), *others = _split(addresses)
    return bool(others) or not (host == "localhost" or _place(host))


def target_of(addresses: str) -> str:
    """Return what gRPC calls these addresses."""
    if len(_split(addresses)) == 1:
        return addresses
    places = _require_places(addresses)
    if all(isinstance(place, IPv4Address) for place, _ in places):
        return "ipv4:" + ",".join(f"{place}:{port}" for place, port in places)
    return "ipv6:" + ",".join(f"[{_as_six(place)}]:{port}" for place, port in places)


def options_of(services: Sequence[ServiceDescriptor]) -> list[tuple[str, Any]]:
    """Return the options of a channel to replicas that serve all these.

    Calls go round robin to those whose health says that they can serve the first one now. A read that a replica left
    unanswered, or what carries a `request_id`, is tried at another; what a replica answered stays as it is.
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


def _require_places(addresses: str) -> list[tuple[Address, int]]:
    """Return IP addresses and ports. Raises ValueError for names: gRPC looks up one, which may stand for many."""
    places = [(_place("127.0.0.1" if host == "localhost" else host), port) for host, port in _split(addresses)]
    found = [(place, port) for place, port in places if place is not None]
    if len(found) < len(places):
        raise ValueError("several must be IP addresses; one name may stand for several replicas")
    return found


def _place(host: str) -> Address | None:
    try:
        return ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None


def _as_six(place: Address) -> IPv6Address:
    return place if isinstance(place, IPv6Address) else IPv6Address(f"::ffff:{place}")
