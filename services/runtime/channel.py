"""Opening a channel to another service, and what every call on it carries."""

from collections.abc import Sequence
from contextvars import ContextVar
from typing import Any

from google.protobuf.descriptor import ServiceDescriptor
from grpc.aio import Channel, ServicerContext, insecure_channel, secure_channel

from services.runtime import load_balancing, tracing
from services.runtime.logs import REQUEST_ID_KEY, request_id
from services.runtime.tls import TlsSettings

AUTHORIZATION_KEY = "authorization"
CLIENT_ADDRESS_KEY = "x-client-address"
MAX_AUTHORIZATION_LENGTH = 1024
OPTIONS = [
    ("grpc.enable_channelz", 1),
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 1_000),  # a part that was started again is found within a second
]

client_address: ContextVar[str] = ContextVar("client_address", default="")  # of the call this task answers


def open_channel(addresses: str, tls: TlsSettings | None = None, services: Sequence[ServiceDescriptor] = ()) -> Channel:
    """Return a channel to `host:port`, encrypted where the settings say so; close it where it was opened.

    Calls are spread over the replicas where there may be several: those that serve all the services, of which the
    first one's health counts.
    """
    spread = load_balancing.options_of(services) if load_balancing.is_spread(addresses) else []
    target, options = load_balancing.target_of(addresses), [*OPTIONS, *spread]
    credentials = tls.channel_credentials() if tls else None
    interceptors = tracing.client_interceptors()
    if tls is None or credentials is None:
        return insecure_channel(target, options, interceptors=interceptors)
    name = [("grpc.ssl_target_name_override", tls.tls_server_name)] if tls.tls_server_name else []
    return secure_channel(target, credentials, [*options, *name], interceptors=interceptors)


def call_metadata(authorization: str | None) -> tuple[tuple[str, str], ...]:
    """Return the metadata of an outgoing call: who asks, from where, and the request id of this task.

    Credentials that metadata cannot carry are left out: the call is answered as one without them.
    """
    carried = (
        (AUTHORIZATION_KEY, _fit(authorization)),
        (CLIENT_ADDRESS_KEY, client_address.get()),
        (REQUEST_ID_KEY, request_id.get()),
    )
    return tuple((key, value) for key, value in carried if value)


def authorization_of(context: ServicerContext[Any, Any]) -> str | None:
    """Return the credentials that an incoming call carries, None without any of a fit form."""
    value = dict(context.invocation_metadata() or ()).get(AUTHORIZATION_KEY)
    return _fit(value) if isinstance(value, str) else None


def client_address_of(context: ServicerContext[Any, Any]) -> str:
    """Return the address of the client: what the gateway says of its own, else the caller's, without the port."""
    said = dict(context.invocation_metadata() or ()).get(CLIENT_ADDRESS_KEY)
    return said if isinstance(said, str) else context.peer().rpartition(":")[0]


def _fit(authorization: str | None) -> str | None:
    """Return the credentials when they are short printable ASCII, which is all that metadata may hold."""
    if not authorization or len(authorization) > MAX_AUTHORIZATION_LENGTH:
        return None
    return authorization if authorization.isascii() and authorization.isprintable() else None
