"""How often a login may be tried."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from services.errors import TooMuch
from services.generation.accounts.account_store import LoginAttempts

REFUSED = "Too many failed logins, try again later"
LOGIN_TRIES = 10
ADDRESS_TRIES = 50  # many people may share one
WINDOW = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Try:
    """One try to log in: what it is known by, and the two names it counts under."""

    id: str
    login: str
    address: str


class LoginLimit:
    """Counts tries by login and by address; past a limit further ones wait until old ones are forgotten.

    A try counts from its beginning, so that many at once are no way around the limits.
    """

    def __init__(self, tries: LoginAttempts) -> None:
        self._tries = tries

    async def begin(self, login: str, address: str) -> Try:
        """Count a try. Raises TooMuch, without counting it, after too many of the login or of the address."""
        one = Try(secrets.token_hex(8), f"login {login}", f"address {address}")
        if not await self._tries.count(one.address, one.id, ADDRESS_TRIES):
            raise TooMuch(REFUSED)
        if not await self._tries.count(one.login, one.id, LOGIN_TRIES):
            await self._tries.forget(one.address, one.id)
            raise TooMuch(REFUSED)
        return one

    async def succeeded(self, one: Try) -> None:
        """Forget the try, and all other ones of its login."""
        await self._tries.forget_all(one.login)
        await self._tries.forget(one.address, one.id)

    async def take_back(self, one: Try) -> None:
        """Forget a try that says nothing about the password."""
        await self._tries.forget(one.login, one.id)
        await self._tries.forget(one.address, one.id)
