"""Ports to accounts, their credentials, passwords and login attempts."""

from datetime import datetime
from typing import Protocol

from services.generation.accounts.user import User
from services.generation.domain.paging import Page


class Accounts(Protocol):
    """Accounts, their sessions and their API keys.

    A credential is known by its digest only (`credentials.digest_of`). An account that is being removed is unknown to
    all methods but `page`.
    """

    async def add(self, user: User, password_hash: str) -> int:
        """Store a new account and return its id; `user.id` is ignored.

        Raises:
            AlreadyExists: The login is taken.
            NotFound: The master account is being removed.

        """

    async def by_login(self, login: str) -> tuple[User, str] | None:
        """Return an account and its password hash."""

    async def by_id(self, user_id: int) -> User | None:
        """Return an account."""

    async def page(self, page: Page) -> list[User]:
        """Return accounts by ascending id, those that are being removed included."""

    async def add_session(self, digest: bytes, user_id: int, expire_time: datetime) -> None:
        """Store a session. Raises NotFound when the account is being removed."""

    async def add_key(self, digest: bytes, user_id: int, limit: int) -> bool:
        """Store an API key; return False, and store nothing, when the account has `limit` keys.

        Raises NotFound when the account is being removed.
        """

    async def remove_credential(self, digest: bytes) -> bool:
        """Remove a session or key; return whether there was one."""

    async def end_session(self, digest: bytes) -> None:
        """Remove a session; an API key of this digest stays."""

    async def user_of(self, digest: bytes) -> tuple[User, datetime | None] | None:
        """Return the account of a session or key that has not expired, and the session's expiry; None for a key's."""

    async def extend_session(self, digest: bytes, expire_time: datetime) -> None:
        """Set the expiry of a session."""


class LoginAttempts(Protocol):
    """Login attempts by name, over all processes of the service. An attempt is forgotten after a fixed time."""

    async def count(self, name: str, attempt_id: str, limit: int) -> bool:
        """Count an attempt under a name; return False, and count nothing, when `limit` are counted already."""

    async def forget(self, name: str, attempt_id: str) -> None:
        """Forget an attempt of a name; an unknown one is ignored."""

    async def forget_all(self, name: str) -> None:
        """Forget all attempts of a name."""


class Passwords(Protocol):
    """Password hashes, computed off the event loop."""

    async def hash(self, password: str) -> str:
        """Return a salted hash."""

    async def matches(self, password: str, hashed: str) -> bool:
        """Return whether the password belongs to the hash; an empty hash matches nothing and takes as long."""
