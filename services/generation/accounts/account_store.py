"""Ports to the accounts, their credentials and the attempts to log in."""

from datetime import datetime
from typing import Protocol

from services.generation.accounts.user import User
from services.generation.domain.paging import Page


class Accounts(Protocol):
    """Accounts, their sessions and their keys. Hashes of credentials are digests, never the credentials."""

    async def add(self, user: User, password_hash: str) -> int:
        """Store a new account and return its id.

        Raises AlreadyExists when the login is taken, and NotFound when its master account is being removed.
        """

    async def by_login(self, login: str) -> tuple[User, str] | None:
        """Return an account and its password hash; None for one that is being removed."""

    async def by_id(self, user_id: int) -> User | None:
        """Return an account; None for one that is being removed."""

    async def page(self, page: Page) -> list[User]:
        """Return accounts by id, also those that are being removed."""

    async def add_session(self, digest: bytes, user_id: int, expire_time: datetime) -> None:
        """Store a session. Raises NotFound when the account is being removed."""

    async def add_key(self, digest: bytes, user_id: int, most: int) -> bool:
        """Store an API key; False when the account has as many as it may.

        Raises NotFound when the account is being removed.
        """

    async def remove_credential(self, digest: bytes) -> bool:
        """Remove a session or key; say whether there was one."""

    async def end_session(self, digest: bytes) -> None:
        """Remove a session; a key stays."""

    async def user_of(self, digest: bytes) -> tuple[User, datetime | None] | None:
        """Return whose live session or key it is, and when it expires."""

    async def prolong(self, digest: bytes, expire_time: datetime) -> None:
        """Let a session expire later."""


class LoginAttempts(Protocol):
    """Tries to log in by name, over all processes of the service. A try counts for a while."""

    async def count(self, name: str, try_id: str, most: int) -> bool:
        """Count a try under a name; False, and not counted, when as many as may be are counted already."""

    async def forget(self, name: str, try_id: str) -> None:
        """Forget a try of a name."""

    async def forget_all(self, name: str) -> None:
        """Forget all tries of a name."""


class Passwords(Protocol):
    """Hashes and checks passwords, off the event loop."""

    async def hash(self, password: str) -> str:
        """Return a salted hash."""

    async def matches(self, password: str, hashed: str) -> bool:
        """Say whether the password belongs to the hash."""
