"""Addresses of clients: the peer's, or the one that a trusted proxy names."""

from collections.abc import Iterable

from aiohttp import hdrs, web

from services.runtime.addresses import ip_of, is_in, networks_of

CLIENT = web.RequestKey("client", str)


class ClientAddresses:
    """Addresses behind the proxies of some networks."""

    def __init__(self, trusted_proxies: str = "") -> None:
        self._trusted = networks_of(trusted_proxies)

    def is_proxy(self, address: str) -> bool:
        """Return whether an address is a trusted proxy's, which speaks for many clients."""
        return is_in(address, self._trusted)

    def of(self, request: web.BaseRequest) -> str:
        """Return the address of the client of a request."""
        return self.behind(peer_of(request.transport), request.headers.getall(hdrs.X_FORWARDED_FOR, ()))

    def behind(self, peer: str, forwarded: Iterable[str]) -> str:
        """Return the last forwarded address that is no trusted proxy's, or the peer; others than proxies are not heard.

        A text that is no address ends the search: no trusted proxy has vouched for the texts before it.
        """
        if not self.is_proxy(peer):
            return peer
        for named in reversed(",".join(forwarded).split(",")):
            address = ip_of(named)
            if address is None:
                return peer
            if not self.is_proxy(address):
                return address
        return peer


ADDRESSES = web.AppKey("addresses", ClientAddresses)


def peer_of(transport: object) -> str:
    """Return the address of the other side of a connection, "" when it is unknown."""
    get = getattr(transport, "get_extra_info", None)
    name = get("peername") if get else None
    return (ip_of(str(name[0])) or "") if isinstance(name, tuple) and name else ""
