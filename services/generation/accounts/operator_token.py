"""Operator token: who shows it, and how often another is shown from an address."""

import hmac

from services.errors import NotAuthenticated
from services.generation.accounts.audit import audited
from services.generation.accounts.login_limit import LoginLimit
from services.runtime.channel import client_address, client_is_proxy

SCHEME = "bearer"


class OperatorToken:
    """The token of operators. The right one always passes, so that wrong ones of others lock no operator out."""

    def __init__(self, token: str, limit: LoginLimit | None = None) -> None:
        self._expected = f"Bearer {token}".encode()
        self._limit = limit

    async def is_shown(self, authorization: str | None) -> bool:
        """Return whether a header holds the token; False for one of another scheme.

        Raises NotAuthenticated for a wrong token, which counts like a wrong password, and TooMuch after too many.
        """
        if (authorization or "").partition(" ")[0].lower() != SCHEME:
            return False
        if hmac.compare_digest((authorization or "").encode(), self._expected):
            return True
        address = client_address.get()
        with audited("operator_token", address=address):
            if self._limit is not None:
                await self._limit.failed_token(address, is_proxy=client_is_proxy.get())
            raise NotAuthenticated("The operator token is missing or wrong")
