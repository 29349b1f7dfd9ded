"""Ports to accounts, their credentials, passwords and login attempts."""

from collections.abc import Collection, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from services.generation.accounts.user import User
from services.generation.domain.paging import Page


@dataclass(frozen=True, slots=True)
class Credential:
    """A session or an API key of an account. A key may have a name, and be without an expiry."""

    id: int
    user_id: int
    is_key: bool
    create_time: datetime
    last_used_time: datetime | None = None
    expire_time: datetime | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class CredentialFilter:
    """Sessions, or else keys: all of an account, or those of these ids, of any account for None."""

    is_key: bool
    user_id: int | None
    ids: tuple[int, ...] | None = None


class Accounts(Protocol):
    """Accounts, their sessions and their API keys.

    Logins are compared by their `identity_key`. A credential is known by its digest only (`credentials.digest_of`). An
    account that is being removed is unknown to all methods but `page`.
    """

    async def add(self, user: User, password_hash: str) -> int:
        """Store a new account and return its id; `user.id` and `user.person_id` are ignored.

        A person who is known by the login already, and has no account, becomes this account's.

        Raises:
            AlreadyExists: The login is taken.
            NotFound: The master account is being removed.

        """

    async def by_login(self, login: str) -> tuple[User, str] | None:
        """Return an account and its password hash."""

    async def by_id(self, user_id: int) -> User | None:
        """Return an account."""

    async def by_ids(self, user_ids: Collection[int]) -> dict[int, User]:
        """Return those accounts that are known, by id."""

    async def by_person(self, person_id: int) -> User | None:
        """Return the account with this `member_id`."""

    async def page(self, page: Page) -> list[User]:
        """Return accounts by ascending id, those that are being removed included."""

    async def change(self, user_id: int, values: Mapping[str, Any]) -> User | None:
        """Set fields of a User, and return the account after that; None for an unknown one.

        Fields of its locale are named like `locale.time_zone`.
        """

    async def set_password(self, user_id: int, password_hash: str) -> bool:
        """Set a password hash and raise the version of the password; return False for an unknown account."""

    async def add_session(self, digest: bytes, user_id: int, expire_time: datetime) -> int:
        """Store a session, used now, and return its id. Raises NotFound when the account is being removed."""

    async def add_key(
        self, digest: bytes, user_id: int, limit: int, name: str = "", expire_time: datetime | None = None
    ) -> int | None:
        """Store an API key and return its id; return None, and store nothing, when the account has `limit` keys.

        Raises NotFound when the account is being removed.
        """

    async def user_of(self, digest: bytes) -> tuple[User, Credential] | None:
        """Return the account of a session or key that has not expired, and the session or key."""

    async def credentials_of(self, user_id: int) -> list[Credential]:
        """Return the sessions and keys of an account by ascending id, without expired ones."""

    async def record_use(self, digest: bytes, last_used_time: datetime, expire_time: datetime | None) -> None:
        """Set the last use of a session or key, and its expiry."""

    async def remove_credential(self, digest: bytes) -> Credential | None:
        """Remove a session or key and return it; None when there was none."""

    async def remove_credentials(self, wanted: CredentialFilter) -> list[Credential]:
        """Remove the sessions and keys that match and return them."""

    async def end_session(self, digest: bytes) -> None:
        """Remove a session; an API key of this digest stays."""


class LoginAttempts(Protocol):
    """Login attempts by name, over all processes of the service. An attempt is forgotten after a fixed time."""

    async def count(self, name: str, attempt_id: str, limit: int) -> float | None:
        """Count an attempt under a name and return None.

        When `limit` are counted already, count nothing and return the seconds until one of them is forgotten.
        """

    async def forget(self, name: str, attempt_id: str) -> None:
        """Forget an attempt of a name; an unknown one is ignored."""

    async def forget_all(self, name: str) -> None:
        """Forget all attempts of a name."""


class Passwords(Protocol):
    """Password hashes, computed off the event loop; a few callers wait for their turn."""

    def turn(self, address: str) -> AbstractAsyncContextManager[None]:
        """Return a context in which a password may be compared for the client at an address.

        Entering it raises TooMuch at once when too many wait, in all or from this address, and when the call's time
        would be up.
        """

    async def hash(self, password: str) -> str:
        """Return a salted hash, in a turn of its own."""

    async def matches(self, password: str, hashed: str) -> bool:
        """Return whether the password belongs to the hash; an empty hash matches nothing and takes as long."""
