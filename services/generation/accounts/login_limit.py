"""Limits of login attempts, by login and by address."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from services.errors import TooMuch
from services.generation.accounts.account_store import LoginAttempts

REFUSED = "Too many failed logins, try again later"
ATTEMPTS_PER_LOGIN = 10
ATTEMPTS_PER_ADDRESS = 50  # many people may share an address
WINDOW = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class LoginAttempt:
    """An attempt to log in: its id, and the two names it counts under."""

    id: str
    login: str
    address: str


class LoginLimit:
    """Counts attempts by login and by address; past a limit further ones are refused until old ones are forgotten.

    An attempt counts from its beginning, so that attempts at the same time do not get around the limits.
    """

    def __init__(self, attempts: LoginAttempts) -> None:
        self._attempts = attempts

    async def begin(self, login: str, address: str) -> LoginAttempt:
        """Count an attempt. Raises TooMuch, and counts nothing, after too many of the login or of the address."""
        attempt = LoginAttempt(secrets.token_hex(8), f"login {login}", f"address {address}")
        if not await self._attempts.count(attempt.address, attempt.id, ATTEMPTS_PER_ADDRESS):
            raise TooMuch(REFUSED)
        if not await self._attempts.count(attempt.login, attempt.id, ATTEMPTS_PER_LOGIN):
            await self._attempts.forget(attempt.address, attempt.id)
            raise TooMuch(REFUSED)
        return attempt

    async def succeeded(self, attempt: LoginAttempt) -> None:
        """Forget the attempt, and all others of its login."""
        await self._attempts.forget_all(attempt.login)
        await self._attempts.forget(attempt.address, attempt.id)

    async def take_back(self, attempt: LoginAttempt) -> None:
        """Forget an attempt that failed for another reason than the password."""
        await self._attempts.forget(attempt.login, attempt.id)
        await self._attempts.forget(attempt.address, attempt.id)
