"""What removing accounts and finding orphans need of the store."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

Counted = tuple[str, int]  # a kind of things, and how many of them


@dataclass(frozen=True, slots=True)
class AccountData:
    """What belongs to an account that is being removed: the ids of all that other things belong to, by collection."""

    login: str
    user_ids: tuple[int, ...]  # the account's own, then those of its sub-users
    ids: Mapping[str, frozenset[Any]] = field(default_factory=dict)


class Erasure(Protocol):
    """Removes accounts in steps that can be repeated."""

    async def begin(self, login: str) -> AccountData | None:
        """Shut an account and its sub-users out and return what belongs to them; None when there is none.

        From here on nobody signs in with the login, and what is written for it does not stay.
        """

    async def renewed(self, estate: AccountData) -> AccountData:
        """Return the estate with what has come to it meanwhile."""

    async def count(self, estate: AccountData) -> dict[str, int]:
        """Look through the whole store and return how much of an estate is there by kind, accounts aside."""

    def erase(self, estate: AccountData) -> AsyncGenerator[Counted, None]:
        """Erase an estate but for the accounts, a batch at a time."""

    def leave_workspaces(self, estate: AccountData) -> AsyncGenerator[Counted, None]:
        """Take an estate's people out of the workspaces of others; tell what is kept there of each, without names."""

    async def end(self, estate: AccountData) -> int:
        """Erase the accounts themselves and return how many they were."""


@dataclass(frozen=True, slots=True)
class Orphans:
    """Things of a kind that were stored for something that is gone."""

    kind: str
    missing: str
    count: int = 0
    size_bytes: int = 0
    oldest_time: datetime | None = None


class OrphanStore(Protocol):
    """Finds and deletes what nothing refers to."""

    kind_count: int

    def find(self) -> AsyncGenerator[Orphans, None]:
        """Tell of each kind what nothing refers to."""

    def delete(self) -> AsyncGenerator[Orphans, None]:
        """Delete of each kind what nothing refers to, and tell what it was."""
