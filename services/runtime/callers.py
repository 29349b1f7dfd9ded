"""Addresses and traces of clients in metadata, believed from the parts of Daybook alone."""

import hmac
from typing import Any

from grpc.aio import ServicerContext

from services.runtime.addresses import ip_of, peer_address
from services.runtime.channel import (
    CLIENT_ADDRESS_KEY,
    CLIENT_IS_PROXY_KEY,
    GATEWAY_SECRET_KEY,
    Metadata,
    client_address,
    client_is_proxy,
    text_of,
    told_onward,
)

Context = ServicerContext[Any, Any]


class Callers:
    """Callers of a server. Known is who shows the secret of the gateway, or a certificate where these are asked for.

    A known caller is believed when it names the address of its client; of any other the address is its own.
    """

    def __init__(self, secret: str = "") -> None:
        self._secret = secret

    def accept(self, context: Context, metadata: Metadata) -> bool:
        """Note the client of the call that this task answers, for onward calls too; return whether it is known."""
        told = text_of(metadata, GATEWAY_SECRET_KEY)
        has_certificate = "x509_pem_cert" in context.auth_context()
        is_known = has_certificate or self._is_secret(told)
        claimed, is_proxy = text_of(metadata, CLIENT_ADDRESS_KEY), text_of(metadata, CLIENT_IS_PROXY_KEY)
        peer = peer_address(context.peer())
        client_address.set((is_known and ip_of(claimed)) or peer)
        client_is_proxy.set(is_known and bool(is_proxy))
        if self._secret or has_certificate:
            told_onward.set(self._own())
        else:  # the next one may know the secret
            told_onward.set(_without_empty(claimed, is_proxy, told))
        return is_known

    def _is_secret(self, told: str) -> bool:
        return bool(self._secret) and hmac.compare_digest(told.encode(), self._secret.encode())

    def _own(self) -> tuple[tuple[str, str], ...]:
        return _without_empty(client_address.get(), "1" if client_is_proxy.get() else "", self._secret)


def tell_of(address: str, *, is_proxy: bool, secret: str) -> None:
    """Let the calls of this task name its client, as the gateway does."""
    client_address.set(address)
    client_is_proxy.set(is_proxy)
    told_onward.set(_without_empty(address, "1" if is_proxy else "", secret))


def _without_empty(address: str, is_proxy: str, secret: str) -> tuple[tuple[str, str], ...]:
    told = ((CLIENT_ADDRESS_KEY, address), (CLIENT_IS_PROXY_KEY, is_proxy), (GATEWAY_SECRET_KEY, secret))
    return tuple((key, value) for key, value in told if value)
