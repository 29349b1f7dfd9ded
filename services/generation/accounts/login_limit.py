"""Limits of failed sign-ins, by login and address together and by address."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from services.errors import TooMuch
from services.generation.accounts.account_store import LoginAttempts
from services.runtime.addresses import network_of

REFUSED = "Too many failed logins, try again later"
ATTEMPTS_PER_LOGIN = 10  # from one address: attempts from other addresses lock no account
ATTEMPTS_PER_ADDRESS = 50  # many people may share an address
WINDOW = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class LoginAttempt:
    """An attempt to log in: its id, and the names it counts under, that of its login first."""

    id: str
    names: Sequence[str]


class LoginLimit:
    """Counts attempts; past a limit further ones are refused until old ones are forgotten.

    An attempt counts from its beginning, so that attempts at the same time do not get around the limits. The addresses
    of an IPv6 network of 64 bits are one.
    """

    def __init__(self, attempts: LoginAttempts) -> None:
        self._attempts = attempts

    async def begin(self, login_key: str, address: str, *, is_proxy: bool = False) -> LoginAttempt:
        """Count an attempt, of a proxy's address under the login alone.

        Raises TooMuch, and counts nothing, after too many of the login from this address, or of the address.
        """
        network = network_of(address)
        limits = {f"login {login_key} from {network}": ATTEMPTS_PER_LOGIN}
        if not is_proxy:
            limits[f"address {network}"] = ATTEMPTS_PER_ADDRESS
        return await self._count(limits)

    async def failed_token(self, address: str, *, is_proxy: bool = False) -> None:
        """Count a wrong token of operators. Raises TooMuch after too many failures of the address."""
        if not is_proxy:
            await self._count({f"address {network_of(address)}": ATTEMPTS_PER_ADDRESS})

    async def _count(self, limits: dict[str, int]) -> LoginAttempt:
        attempt = LoginAttempt(secrets.token_hex(8), tuple(limits))
        for place, (name, limit) in enumerate(limits.items()):
            wait_s = await self._attempts.count(name, attempt.id, limit)
            if wait_s is not None:
                await self._forget(attempt, attempt.names[:place])
                raise TooMuch(REFUSED, retry_after_s=wait_s)
        return attempt

    async def succeeded(self, attempt: LoginAttempt) -> None:
        """Forget the attempt, and all others of its login from this address."""
        login, *others = attempt.names
        await self._attempts.forget_all(login)
        await self._forget(attempt, others)

    async def take_back(self, attempt: LoginAttempt) -> None:
        """Forget an attempt that failed for another reason than the password."""
        await self._forget(attempt, attempt.names)

    async def _forget(self, attempt: LoginAttempt, names: Sequence[str]) -> None:
        for name in names:
            await self._attempts.forget(name, attempt.id)
