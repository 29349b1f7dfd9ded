"""Channel to another service, and the metadata that calls carry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.message import DecodeError
from grpc.aio import Channel, ServicerContext, insecure_channel, secure_channel

from services.errors import InvalidParameters, Violation
from services.runtime import load_balancing
from services.runtime.addresses import peer_address
from services.runtime.client_tracing import client_interceptors
from services.runtime.errors import violations_of
from services.runtime.logs import REQUEST_ID_KEY, request_id

if TYPE_CHECKING:  # the command calls without TLS where none is set, and starts faster
    from services.runtime.tls import TlsSettings

AUTHORIZATION_KEY = "authorization"
CLIENT_ADDRESS_KEY = "x-client-address"
CLIENT_IS_PROXY_KEY = "x-client-is-proxy"  # set where the address stands for all who come through a proxy
GATEWAY_SECRET_KEY = "x-gateway-secret"  # noqa: S105 - a name
UNREADABLE_KEY = "x-daybook-unreadable-bin"  # a google.rpc.BadRequest: fields that the message could not hold
MAX_AUTHORIZATION_LENGTH = 1024
OPTIONS = [
    ("grpc.enable_channelz", 1),
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.http2.bdp_probe", 0),  # else megabytes of each stream come ahead of a reader that does not take them
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 1_000),  # a process that was started again is found within a second
]

Metadata = Mapping[str, str | bytes]

_metadata: ContextVar[Metadata | None] = ContextVar("metadata", default=None)  # of the call this task answers
client_address: ContextVar[str] = ContextVar("client_address", default="")  # of the call this task answers
client_is_proxy: ContextVar[bool] = ContextVar("client_is_proxy", default=False)  # the address is many clients'
told_onward: ContextVar[tuple[tuple[str, str], ...]] = ContextVar("told_onward", default=())  # of the client


def open_channel(
    addresses: str,
    tls: TlsSettings | None = None,
    services: Sequence[ServiceDescriptor] = (),
    *,
    own_connections: bool = False,
) -> Channel:
    """Return a channel to `host:port`, encrypted where the settings say so; close it where it was opened.

    Where there may be several replicas, calls are spread over those that serve all the services; the health of the
    first service counts. Channels of a process share their connections and the pause after a failed attempt, unless one
    has its own: a channel that tries again and again would let the first call of another fail.
    """
    spread = load_balancing.options_of(services) if load_balancing.is_spread(addresses) else []
    own = [("grpc.use_local_subchannel_pool", 1)] if own_connections else []
    target, options = load_balancing.target_of(addresses), [*OPTIONS, *spread, *own]
    credentials = tls.channel_credentials() if tls else None
    interceptors = client_interceptors()
    if tls is None or credentials is None:
        return insecure_channel(target, options, interceptors=interceptors)
    name = [("grpc.ssl_target_name_override", tls.tls_server_name)] if tls.tls_server_name else []
    return secure_channel(target, credentials, [*options, *name], interceptors=interceptors)


def call_metadata(authorization: str | None) -> tuple[tuple[str, str], ...]:
    """Return the metadata of an outgoing call: its credentials, what is said of the client, this task's request id.

    Credentials that metadata cannot carry are left out, as if the call had none.
    """
    carried = ((AUTHORIZATION_KEY, _fit(authorization)), (REQUEST_ID_KEY, request_id.get()))
    return (*((key, value) for key, value in carried if value), *told_onward.get())


def accept_metadata(context: ServicerContext[Any, Any]) -> Metadata:
    """Return the metadata of the call that this task answers, and keep them: gRPC makes them anew for each question."""
    found = dict(context.invocation_metadata() or ())
    _metadata.set(found)
    return found


def metadata_of(context: ServicerContext[Any, Any]) -> Metadata:
    """Return the metadata of an incoming call."""
    known = _metadata.get()
    return dict(context.invocation_metadata() or ()) if known is None else known


def text_of(metadata: Metadata, key: str) -> str:
    """Return the text that metadata hold under a key, "" without any."""
    value = metadata.get(key)
    return value if isinstance(value, str) else ""


def authorization_of(context: ServicerContext[Any, Any]) -> str | None:
    """Return the credentials that an incoming call carries, None without any of a fit form."""
    return _fit(text_of(metadata_of(context), AUTHORIZATION_KEY))


def client_address_of(context: ServicerContext[Any, Any]) -> str:
    """Return the address of the client: the one that a known caller names, else the caller's, without the port."""
    return client_address.get() or peer_address(context.peer())


def unreadable_fields(context: ServicerContext[Any, Any]) -> tuple[Violation, ...]:
    """Return the violations that an incoming call carries for fields that its message could not hold.

    Raises InvalidParameters when the metadata is malformed.
    """
    value = metadata_of(context).get(UNREADABLE_KEY, b"")
    try:
        return violations_of(value) if isinstance(value, bytes) else ()
    except DecodeError:
        raise InvalidParameters.one(UNREADABLE_KEY, "must be a serialized google.rpc.BadRequest") from None


def _fit(authorization: str | None) -> str | None:
    """Return the credentials when they are short printable ASCII, which is all that metadata may hold."""
    if not authorization or len(authorization) > MAX_AUTHORIZATION_LENGTH:
        return None
    return authorization if authorization.isascii() and authorization.isprintable() else None
