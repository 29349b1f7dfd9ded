"""Delivery token: who shows it, and how often another is shown from an address."""

import hmac

from services.errors import NotAuthenticated
from services.generation.accounts.audit import audited
from services.generation.accounts.login_limit import LoginLimit
from services.runtime.channel import client_address, client_is_proxy

SCHEME = "bearer"
MISSING = "The delivery token is missing or wrong"


class DeliveryTokenCheck:
    """Check of the token of delivery workers. Without a token none is right."""

    def __init__(self, token: str, limit: LoginLimit | None = None) -> None:
        self._expected = f"Bearer {token}".encode() if token else None
        self._limit = limit

    async def require(self, authorization: str | None) -> None:
        """Raise NotAuthenticated unless a header holds the token, and TooMuch after too many wrong ones."""
        shown = (authorization or "").encode()
        if self._expected is not None and hmac.compare_digest(shown, self._expected):
            return
        if (authorization or "").partition(" ")[0].lower() == SCHEME and self._limit is not None:
            address = client_address.get()
            with audited("delivery_token", address=address):
                await self._limit.failed_token(address, is_proxy=client_is_proxy.get())
                raise NotAuthenticated(MISSING)
        raise NotAuthenticated(MISSING)
